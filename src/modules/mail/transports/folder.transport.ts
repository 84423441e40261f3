import { createTransport, type StreamTransportOptions, type StreamSentMessageInfo, type Transporter } from 'nodemailer';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../config/index.js';
import type { Letter } from '../mail.js';
import { type MailTransport, messageOf } from './transport.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Development without SMTP: mails become files, and their links are printed for whoever is waiting for one. */
export class FolderTransport implements MailTransport {
  private readonly composer: Transporter<StreamSentMessageInfo, StreamTransportOptions>;
  private readonly folder: string;
  private readonly from: string;

  constructor(config: Config) {
    this.folder = join(config.home, 'mail');
    this.from = config.env.MAIL_FROM;
    this.composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  }

  async send(letter: Letter): Promise<void> {
    const { message } = await this.composer.sendMail(messageOf(letter, this.from));
    const file = await this.write(letter, message as Buffer);
    const links = letter.text.match(/https?:\/\/\S+/g) ?? [];
    for (const line of [`mail: ${letter.template} to ${letter.to}`, ...links, file]) say(line);
  }

  close(): void {
    this.composer.close();
  }

  /** Never over another mail: two of one millisecond get two names. */
  private async write({ template, to }: Letter, message: Buffer): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const rest = `${template}-${to.replace(/[^\w.@+-]/g, '_').slice(0, 100)}.eml`;
    for (let at = Date.now(); ; at += 1) {
      const time = new Date(at).toISOString().replaceAll(':', '-'); // a colon is no part of a file's name everywhere
      const file = join(this.folder, `${time}-${rest}`);
      try {
        await writeFile(file, message, { mode: 0o600, flag: 'wx' });
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}
