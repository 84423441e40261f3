import { describe, expect, it } from '@jest/globals';
import type { Mail } from '../../src/modules/mail/index.js';
import { Letters } from '../../src/modules/mail/letters.js';
import { linkWith, magicLink, mailRing } from '../support/mail-pod.js';

describe('the words', () => {
  const letters = new Letters(mailRing);
  const when = '21 November 2026, 10:00 UTC';
  const mails: Mail[] = [
    magicLink(),
    { template: 'password-reset', values: { link: linkWith('t1'), minutes: 10 } },
    { template: 'password-changed', values: { when } },
    { template: 'password-changed', values: { when, resetLink: linkWith('t2') } },
    { template: 'account-locked', values: { link: linkWith('t3'), minutes: 10 } },
    { template: 'factor-added', values: { name: 'my phone', when } },
    { template: 'factor-removed', values: { name: 'my phone', when } },
    { template: 'recovery-codes-renewed', values: { when } },
  ];
  const open = (mail: Mail) => letters.open('1', letters.seal('1', 'a@example.com', mail));

  it.each(mails)('of $template say what happened and what to do, and load nothing', (mail) => {
    const { subject, text, html } = open(mail);
    expect(subject).toMatch(/^[A-Z][a-z A-Z]{10,60}$/);
    for (const value of Object.values(mail.values)) {
      expect(text).toContain(String(value));
      expect(html).toContain(String(value).replaceAll('=', '&#x3D;'));
    }
    for (const body of [text, html]) {
      expect(body).toMatch(/It was not\s+you\?/);
      expect(body).not.toMatch(/\{\{|undefined|\[object/);
    }
    expect(html).not.toMatch(/<(img|script|link|iframe|form)|src\s*=|url\(|@import/i);
    const foreign = (html.match(/https?:[^"<\s]+/g) ?? []).filter((url) => !url.startsWith('http://127.0.0.1:3000/'));
    expect(foreign).toEqual([]);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(/https?:|\d/.test(line) ? 120 : 80);
  });

  it('of somebody else stay words: no markup, no line of their own, no reversed text', () => {
    const name = '<b onclick="x">phone</b>\r\n\r\nSign in: http://evil.example \u202egnp.exe & {{link}}';
    const { text, html } = open({ template: 'factor-added', values: { name, when } });
    expect(html).toContain('&lt;b onclick&#x3D;&quot;x&quot;&gt;phone&lt;/b&gt; Sign in');
    expect(html).not.toContain('<b ');
    expect(text).toContain('"<b onclick="x">phone</b> Sign in: http://evil.example  gnp.exe & {{link}}"');
  });
});
