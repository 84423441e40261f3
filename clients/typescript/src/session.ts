import { checkedToken } from './credentials.js';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

export interface SessionOptions {
  /** Called with each new pair before it is used: keep the refresh token, the one before is used up. */
  onTokens?: (tokens: Tokens) => void | Promise<void>;
}

/** A person's session: its tokens, exchanged for the next pair when the access token is refused. Belongs to one client. */
export class Session {
  #tokens: Tokens | undefined;
  #renewing: Promise<void> | undefined;
  readonly #onTokens: SessionOptions['onTokens'];

  /** @param tokens as kept from before; without any, sign in (`login`) and `adopt` what it answers */
  constructor(tokens?: Tokens, { onTokens }: SessionOptions = {}) {
    this.#onTokens = onTokens;
    if (tokens) this.#tokens = checked(tokens);
  }

  /** Undefined before sign-in. */
  get tokens(): Tokens | undefined {
    return this.#tokens && { ...this.#tokens };
  }

  /** Takes over the tokens that `login`, `verifyFactor`, `switchTenant` and their like answer with. */
  async adopt(tokens: Tokens): Promise<void> {
    this.#tokens = checked(tokens);
    await this.#onTokens?.({ ...this.#tokens });
  }

  /**
   * Exchanges the refresh token, once for all who ask meanwhile.
   * @param refused the access token that did not count
   * @returns whether there is another one to try
   */
  async renew(refused: string, exchange: (refreshToken: string) => Promise<Tokens>): Promise<boolean> {
    if (!this.#tokens) return false;
    if (this.#tokens.accessToken !== refused) return true; // somebody else has renewed it
    this.#renewing ??= this.#exchange(this.#tokens, exchange).finally(() => (this.#renewing = undefined));
    await this.#renewing;
    return true;
  }

  async #exchange(used: Tokens, exchange: (refreshToken: string) => Promise<Tokens>): Promise<void> {
    const next = await exchange(used.refreshToken);
    // a step-up that came in between has the newer pair
    if (this.#tokens?.refreshToken === used.refreshToken) await this.adopt(next);
  }
}

const checked = ({ accessToken, refreshToken }: Tokens): Tokens => ({
  accessToken: checkedToken(accessToken, 'accessToken'),
  refreshToken,
});
