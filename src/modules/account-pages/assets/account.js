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
    done: (answer) => {
      const field = document.getElementById('token');
      field.value = answer.accessToken;
      field.hidden = false;
      return 'You are signed in. This is your access token, good for ten minutes: use it under Authorize in /docs.';
    },
  },
  'password-reset': {
    title: 'Choose a new password',
    text: 'Fifteen characters or more; eight will do beside a second factor. A few words are easy to keep in mind.',
    button: 'Set the password',
    path: '/v1/auth/password/reset',
    password: true,
    done: () => 'Your password is set, and you are signed out everywhere. Sign in with the new one.',
  },
  unlock: {
    title: 'Unlock your account',
    text: 'Somebody gave a wrong password too often. If it was not you, choose a better one afterwards.',
    button: 'Unlock',
    path: '/v1/auth/unlock',
    done: () => 'Your account is open again.',
  },
};

const element = (id) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const purpose = PURPOSES[location.pathname.split('/').at(-1)];
history.replaceState(null, '', location.pathname);

if (!purpose || !token) {
  element('text').textContent = 'This link is not complete. Open it from the mail once more, or ask for a new one.';
} else {
  const form = element('form');
  element('title').textContent = purpose.title;
  element('text').textContent = purpose.text;
  form.querySelector('button').textContent = purpose.button;
  element('password').hidden = !purpose.password;
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void use(form);
  });
}

async function use(form) {
  const button = form.querySelector('button');
  const { password } = form.elements;
  button.disabled = true;
  const response = await fetch(purpose.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(purpose.password ? { token, password: password.value } : { token }),
  }).catch(() => undefined);
  const text = await response?.text();
  const answer = text ? JSON.parse(text) : {};
  form.hidden = Boolean(response?.ok);
  button.disabled = false;
  element('outcome').textContent = response?.ok
    ? purpose.done(answer)
    : [
        answer.detail ?? 'The server cannot be reached. Try again.',
        ...(answer.errors ?? []).map((one) => one.message),
      ].join(' ');
}
