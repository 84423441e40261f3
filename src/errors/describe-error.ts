/** What a log may say of something that was thrown. */
export interface ErrorDescription {
  /** 100 characters at most, like all of it without control characters */
  name: string;
  /** 500 characters at most */
  message: string;
  /** where it came from, a frame a line, without the message; absent where it does not say */
  frames?: string;
}

const NAME_LENGTH = 100;
const MESSAGE_LENGTH = 500;
const FRAME_LENGTH = 300;
const FRAMES = 20;
const FRAME = /^ {4}at \S/;
/** Line ends, terminal escapes, and what turns the direction of text. */
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Never throws, whatever was thrown: it may be null, have getters that throw, or be a proxy. */
export function describeError(error: unknown): ErrorDescription {
  const read = (key: 'name' | 'message' | 'stack'): string | undefined =>
    safely(() => {
      const value = (error as Partial<Error>)[key];
      return typeof value === 'string' ? value : undefined;
    });
  const message = read('message') ?? safely(() => String(error)) ?? 'it does not say';
  const frames = framesOf(read('stack') ?? '', message);
  return {
    name: cut(read('name') ?? typeof error, NAME_LENGTH),
    message: cut(message, MESSAGE_LENGTH),
    ...(frames ? { frames } : {}),
  };
}

/** In one line: `name: message`. */
export function toldError(error: unknown): string {
  const { name, message } = describeError(error);
  return `${name}: ${message}`;
}

/** The frames at the end: lines before them are the message's, even where they look like frames. */
function framesOf(stack: string, message: string): string {
  const at = stack.indexOf(message);
  const lines = (at < 0 ? stack : stack.slice(at + message.length)).split('\n');
  const first = lines.findLastIndex((line) => !FRAME.test(line)) + 1;
  return lines
    .slice(first, first + FRAMES)
    .map((line) => cut(line, FRAME_LENGTH))
    .join('\n');
}

const cut = (text: string, length: number): string => text.slice(0, length).replace(CONTROL, ' ');

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
