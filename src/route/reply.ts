/** A body with headers of its own. The transaction interceptor writes both, so that no controller touches the response. */
export class Reply<T> {
  constructor(
    readonly body: T,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

export const reply = <T>(body: T, headers: Record<string, string>): Reply<T> => new Reply(body, headers);
