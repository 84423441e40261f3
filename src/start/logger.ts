import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

/** Nest's log as JSON lines (pino), one a line, for whoever reads them at night or ships them. */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: string) {
    this.pino = pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
  }

  log(message: unknown, ...rest: unknown[]): void {
    // Nest tells every route it maps: at debug, or a start would be a page long
    const context = contextOf(rest);
    const chatty = /^(InstanceLoader|RouterExplorer|RoutesResolver|NestFactory)$/.test(context ?? '');
    this.pino[chatty ? 'debug' : 'info']({ context }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.pino.warn({ context: contextOf(rest) }, String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.pino.debug({ context: contextOf(rest) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    this.pino.error({ context: contextOf(rest), stack }, String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.pino.fatal({ context: contextOf(rest) }, String(message));
  }
}

/** Nest appends the context as the last argument. */
function contextOf(rest: unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}
