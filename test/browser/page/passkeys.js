/* What a front end does with passkeys: options from the API, the ceremony in the browser, its answer to the API. */

const MFA = '/v1/auth/mfa/webauthn';

async function post(path, token, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** @param changed members of the options that a careless page replaces */
async function created(token, changed) {
  const { body } = await post(`${MFA}/registration-options`, token);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({ ...body, ...changed });
  return (await navigator.credentials.create({ publicKey })).toJSON();
}

async function got(path, token, changed) {
  const { body } = await post(path, token);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...body, ...changed });
  return (await navigator.credentials.get({ publicKey })).toJSON();
}

globalThis.passkeys = {
  register: async (token, name, changed) => post(MFA, token, { name, credential: await created(token, changed) }),
  stepUp: async (token, changed) =>
    post(`${MFA}/verify`, token, { credential: await got(`${MFA}/authentication-options`, token, changed) }),
  signIn: async (changed) =>
    post('/v1/auth/passkeys/login', undefined, {
      credential: await got('/v1/auth/passkeys/options', undefined, changed),
    }),
};
