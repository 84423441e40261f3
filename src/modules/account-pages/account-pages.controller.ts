import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { readFileSync } from 'node:fs';
import { Public, reply, type Reply, Unlimited } from '../../route/index.js';

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

/**
 * The page behind the links in mails, for an installation that has none of its own yet (WEB_URL unset). Static: what it
 * does is a POST of its script's to the API.
 */
@ApiExcludeController()
@Controller('account')
@Public()
@Unlimited('static, read from memory')
export class AccountPagesController {
  private readonly html = asset('account.html');
  private readonly css = asset('account.css');
  private readonly script = asset('account.js');

  @Get(['magic-link', 'password-reset', 'unlock', 'invitation'])
  page(): Reply<string> {
    return reply(this.html, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
  }

  @Get('account.css')
  styles(): Reply<string> {
    return reply(this.css, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'no-cache' });
  }

  @Get('account.js')
  behaviour(): Reply<string> {
    return reply(this.script, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' });
  }
}
