/** A mail by what it is for, with what its text needs. Whoever adds one adds its texts in templates/. */
export type Mail =
  | { template: 'magic-link'; values: { link: string; minutes: number } }
  | { template: 'password-reset'; values: { link: string; minutes: number } }
  | { template: 'password-changed'; values: { when: string; resetLink?: string } }
  /** somebody guessed at the account; the link unlocks it */
  | { template: 'account-locked'; values: { link: string; minutes: number } }
  | { template: 'factor-added'; values: { name: string; when: string } }
  | { template: 'factor-removed'; values: { name: string; when: string } }
  | { template: 'recovery-code-used'; values: { account: string; when: string; left: number } }
  | { template: 'recovery-codes-renewed'; values: { when: string } }
  /** somebody invites them to a tenant, by its name, into a role, by its name */
  | { template: 'invitation'; values: { link: string; tenant: string; role: string; days: number } }
  /** nothing is sent any more to a webhook of a tenant, by its receiver's host */
  | { template: 'webhook-disabled'; values: { tenant: string; host: string; why: string } };

export type MailTemplate = Mail['template'];

/** A mail in words, as one person gets it. */
export interface Letter {
  /** the outbox row's: a mail that is sent twice has the same Message-ID twice */
  id: string;
  template: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}
