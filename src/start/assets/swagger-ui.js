/*
 * The page at /docs: Swagger UI over /openapi.json. Whoever signs in by an operation of this page is signed in on it; the
 * tokens stay in this page's memory.
 */
const SESSION = 'accessToken';
const KEY = 'apiKey';

const ui = SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '/openapi.json',
  deepLinking: true,
  displayOperationId: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  requestInterceptor: preferSession,
  responseInterceptor: rememberToken,
  tryItOutEnabled: true,
  validatorUrl: null, // its own default sends the address of this document to a server of somebody else's
  plugins: [() => ({ fn: { opsFilter: filterOperations } })],
  onComplete: () => ui.getStore().subscribe(tellWho),
});

document.getElementById('begin').addEventListener('click', goToOperation);

/** Swagger UI follows deep links when it loads the document, and not again: the links of this page are followed here. */
function goToOperation(event) {
  const link = event.target.closest('a[href^="#/"]');
  if (!link) return;
  event.preventDefault();
  ui.layoutActions.updateFilter('');
  ui.layoutActions.parseDeepLinkHash(link.hash);
  ui.layoutActions.clearScrollTo();
  const [, tag, id] = link.hash.split('/');
  requestAnimationFrame(() => document.getElementById(`operations-${tag}-${id}`)?.scrollIntoView());
}

/** @returns {string | undefined} what is authorised under a security scheme of the document */
function credential(scheme) {
  return ui.authSelectors.authorized()?.getIn([scheme, 'value']);
}

/** Signed in and with a key, Swagger UI sends what comes last in the document. A person who signed in means the session. */
function preferSession(request) {
  if (request.loadSpec) return request; // the document itself, fetched before there is a `ui`
  const [session, key] = [credential(SESSION), credential(KEY)];
  if (session && key && request.headers?.Authorization === `Bearer ${key}`) {
    request.headers.Authorization = `Bearer ${session}`;
  }
  return request;
}

/** Sign-in, step-up, refresh and switching the tenant answer with the token to use from then on. */
function rememberToken(response) {
  const { pathname } = new URL(response.url, location.href);
  if (!response.ok || !pathname.startsWith('/v1/')) return response;
  if (pathname === '/v1/auth/logout') ui.authActions.logout([SESSION]);
  const token = response.body?.accessToken;
  if (typeof token === 'string') ui.preauthorizeApiKey(SESSION, token);
  return response;
}

/** The box above the operations looks for words in paths, summaries and names; Swagger UI's own looks at tags alone. */
function filterOperations(taggedOperations, phrase) {
  const words = phrase.toLowerCase().split(/\s+/);
  return taggedOperations
    .map((group, tag) =>
      group.update('operations', (operations) =>
        operations.filter((operation) => {
          const { summary = '', operationId = '' } = operation.get('operation').toJS();
          const text = [tag, operation.get('method'), operation.get('path'), summary, operationId]
            .join(' ')
            .toLowerCase();
          return words.every((word) => text.includes(word));
        }),
      ),
    )
    .filter((group) => group.get('operations').size > 0);
}

function tellWho() {
  const who = document.getElementById('who');
  const token = credential(SESSION);
  const text = token ? signedIn(token) : credential(KEY) ? 'Requests carry the API key.' : 'Nobody is signed in.';
  if (who.textContent !== text) who.textContent = text;
}

/** What the token says: the page shows it and decides nothing by it. */
function signedIn(token) {
  try {
    const { aal } = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    return `Signed in${typeof aal === 'string' ? ` at ${aal.toUpperCase()}` : ''}: requests carry the access token.`;
  } catch {
    return 'Requests carry the access token that was put in.';
  }
}
