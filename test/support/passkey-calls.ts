import type { Answer, TestApp, Tokens } from './app.js';
import { type Assertion, type Lie, SoftAuthenticator } from './authenticator.js';

const BASE = '/v1/auth/mfa/webauthn';

/** The routes of passkeys, by name. */
export const passkeyCalls = (held: { app: TestApp }) => {
  const post = (path: string, token?: string, body?: unknown): Promise<Answer> =>
    held.app.call('POST', path, { token, body });
  const calls = {
    registrationOptions: (token: string) => post(`${BASE}/registration-options`, token),
    register: (token: string, credential: unknown, name: unknown = 'Laptop') => post(BASE, token, { name, credential }),
    stepUpOptions: (token: string) => post(`${BASE}/authentication-options`, token),
    stepUp: (token: string, credential: unknown) => post(`${BASE}/verify`, token, { credential }),
    loginOptions: () => post('/v1/auth/passkeys/options'),
    login: (credential: unknown, more: object = {}) =>
      post('/v1/auth/passkeys/login', undefined, { credential, ...more }),

    /** Registers a passkey in that session. @returns the device that has it */
    enrolled: async ({ accessToken }: Tokens, device = new SoftAuthenticator()): Promise<SoftAuthenticator> => {
      const { body: options } = await calls.registrationOptions(accessToken);
      const { status, text } = await calls.register(accessToken, device.create(options));
      if (status !== 201) throw new Error(`registration: ${status} ${text}`);
      return device;
    },
    /** What a device says to a step-up in that session. */
    stepUpAssertion: async ({ accessToken }: Tokens, device: SoftAuthenticator, lie?: Lie): Promise<Assertion> =>
      device.get((await calls.stepUpOptions(accessToken)).body, lie),
    /** What a device says to a sign-in. */
    loginAssertion: async (device: SoftAuthenticator, lie?: Lie): Promise<Assertion> =>
      device.get((await calls.loginOptions()).body, lie),
  };
  return calls;
};
