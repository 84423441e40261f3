/** The pool of ringfence_app. Injected inside database/ only; everybody else injects TenantDb. */
export const APP_DATA_SOURCE = Symbol('APP_DATA_SOURCE');
/** The pool of ringfence_auth. Injected inside database/ only; the identity module injects AuthDb. */
export const AUTH_DATA_SOURCE = Symbol('AUTH_DATA_SOURCE');
