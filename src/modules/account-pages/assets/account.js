/*
 * Where the links of mails lead until an installation has pages of its own (WEB_URL). The token stands behind the #, so no
 * server and no Referer sees it; it leaves the address bar at once, and is used by a button and not by opening the page,
 * since mail scanners open pages.
 */
const PURPOSES = {
  'magic-link': {
    title: 'Sign in',
    text: 'Press the button to sign in.',
    button: 'Sign in',
    path: '/v1/auth/magic-link/verify',
    done: signedIn,
  },
  'password-reset': {
    title: 'Choose a new password',
    text: 'Fifteen characters or more; eight will do beside a second factor. A few words are easy to keep in mind.',
    button: 'Set the password',
    path: '/v1/auth/password/reset',
    fields: ['password'],
    done: () => 'Your password is set, and you are signed out everywhere. Sign in with the new one.',
  },
  unlock: {
    title: 'Unlock your account',
    text: 'Somebody gave a wrong password or code too often. If it was not you, choose a better one afterwards.',
    button: 'Unlock',
    path: '/v1/auth/unlock',
    done: () =>
      'Your account is open again. (Codes of a second factor are opened once a day; after that they open by themselves, within the hour.)',
  },
  invitation: {
    title: 'You are invited',
    text: 'One moment.',
    button: 'Join',
    path: '/v1/invitations/accept',
    fields: ['fullName', 'password'],
    before: previewed,
    done: signedIn,
  },
};

const element = (id) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const purpose = PURPOSES[location.pathname.split('/').at(-1)];
const form = element('form');
history.replaceState(null, '', location.pathname);

if (!purpose || !token) {
  element('text').textContent = 'This link is not complete. Open it from the mail once more, or ask for a new one.';
} else {
  show(purpose);
  void Promise.resolve(purpose.before?.() ?? true).then((good) => (form.hidden = !good));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
}

function show({ title, text, button, fields = [] }) {
  element('title').textContent = title;
  element('text').textContent = text;
  form.querySelector('button').textContent = button;
  for (const label of form.querySelectorAll('label')) label.hidden = !fields.includes(label.id);
}

async function submit() {
  const button = form.querySelector('button');
  button.disabled = true;
  const outcome = form.elements.email.required ? await signInAndUse() : await use();
  button.disabled = false;
  if (outcome.answer.code === 'sign_in_to_accept') return askToSignIn(outcome);
  form.hidden = outcome.ok;
  element('outcome').textContent = outcome.ok ? purpose.done(outcome.answer) : told(outcome);
}

const use = () => post(purpose.path, { token, ...values(purpose.fields ?? []) });
/** What is left empty is not sent. */
const values = (names) =>
  Object.fromEntries(names.map((name) => [name, form.elements[name].value]).filter(([, value]) => value !== ''));

/** Whoever has an account joins as that account, which they prove in the usual way. */
async function signInAndUse() {
  const signIn = await post('/v1/auth/login', values(['email', 'password']));
  return signIn.ok ? post(purpose.path, { token }, signIn.answer.accessToken) : signIn;
}

function askToSignIn({ status }) {
  const { email, password } = form.elements;
  show({
    title: 'You are invited',
    text: 'The address that was invited has an account already. Sign in with it to join.',
    button: 'Sign in and join',
    fields: ['email', 'password'],
  });
  element('passwordName').textContent = 'Password';
  Object.assign(password, { value: '', autocomplete: 'current-password', minLength: 0 });
  element('outcome').textContent = status === 403 ? 'That is not the address that was invited.' : '';
  email.required = true;
}

async function previewed() {
  const { ok, answer, ...outcome } = await post('/v1/invitations/preview', { token });
  element('text').textContent = ok
    ? `You are invited to ${answer.tenantName}, as ${answer.roleName}. Give your name and choose a password: fifteen characters or more, a few words are easy to keep in mind. With an account already, just press the button.`
    : told({ answer, ...outcome });
  return ok;
}

function signedIn(answer) {
  const field = element('token');
  field.value = answer.accessToken;
  field.hidden = false;
  return 'You are signed in. This is your access token, good for ten minutes: use it under Authorize in /docs.';
}

async function post(path, body, accessToken) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}) },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  const text = await response?.text();
  return { ok: Boolean(response?.ok), status: response?.status, answer: text ? JSON.parse(text) : {} };
}

function told({ answer }) {
  const errors = (answer.errors ?? []).map((one) => one.message);
  return [answer.detail ?? 'The server cannot be reached. Try again.', ...errors].join(' ');
}
