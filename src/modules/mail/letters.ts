import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { KeyRing } from '../../config/index.js';
import type { Letter, Mail } from './mail.js';
import { button, layout, TEXTS } from './templates/index.js';

type Values = Readonly<Record<string, string | number | undefined>>;
type Write = (values: Values) => Pick<Letter, 'subject' | 'text' | 'html'>;

/** What is sealed: the address and the kind too, so that a token goes to nobody else by a change of a column. */
interface Sealed {
  to: string;
  template: string;
  values: Values;
}

/** Seals what a mail needs for its row of the outbox, and makes the mail of it when it goes. */
@Injectable()
export class Letters {
  private readonly handlebars = Handlebars.create();
  private readonly writers: ReadonlyMap<string, Write>;

  constructor(private readonly ring: KeyRing) {
    this.handlebars.registerPartial({ 'layout.text': layout.text, 'layout.html': layout.html, button });
    this.writers = new Map(Object.keys(TEXTS).map((template) => [template, this.writer(template as Mail['template'])]));
  }

  /** @param id the row's: sealed for one row, it opens in no other */
  seal(id: string, to: string, { template, values }: Mail): string {
    return this.ring.encrypt(JSON.stringify({ to, template, values } satisfies Sealed), boundTo(id));
  }

  /** @throws KeyRingError when it was not sealed for that row, or with a key that is gone */
  open(id: string, sealed: string): Letter {
    const { to, template, values } = JSON.parse(this.ring.decrypt(sealed, boundTo(id))) as Sealed;
    const write = this.writers.get(template);
    if (!write) throw new UnknownTemplateError(); // enqueued by a newer pod: another will know it
    return { id, to, template, ...write(cleaned(values)) };
  }

  private writer(template: Mail['template']): Write {
    const { subject, text, html } = TEXTS[template];
    const options = { strict: true, knownHelpersOnly: true };
    const inText = this.handlebars.compile(framed('layout.text', text.trimEnd()), { ...options, noEscape: true });
    const inHtml = this.handlebars.compile(framed('layout.html', html.trimEnd()), options);
    return (values) => {
      const context = { resetLink: undefined, ...values, subject };
      return { subject, text: inText(context), html: inHtml(context) };
    };
  }
}

export class UnknownTemplateError extends Error {
  override name = 'UnknownTemplateError';
}

const boundTo = (id: string): string => `mail:${id}`;
const framed = (frame: string, content: string): string => `{{#> ${frame}}}${content}{{/${frame}}}`;

/** Somebody's words stay in their line, and in its direction: the name of a factor must not look like a line of ours. */
const cleaned = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ') : value,
    ]),
  );
