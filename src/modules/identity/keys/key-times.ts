/*
 * How long each step of a rotation takes, seconds. A server looks for keys every RELOAD_SECONDS and may miss one look;
 * a partner keeps the JWK Set for JWKS_MAX_AGE_SECONDS.
 */

export const RELOAD_SECONDS = 60;
export const JWKS_MAX_AGE_SECONDS = 60;

/** The longest that an access token lives: the largest ACCESS_TOKEN_TTL that the configuration takes. */
export const LONGEST_TOKEN_SECONDS = 600;

/** From a key's publication until it signs: by then every server has it, and whoever cached the JWK Set too. */
export const LEAD_SECONDS = 2 * RELOAD_SECONDS + JWKS_MAX_AGE_SECONDS;

/** From then until the old key is retired: servers sign with it until they look again, and their last tokens run out. */
export const OVERLAP_SECONDS = LONGEST_TOKEN_SECONDS + 2 * RELOAD_SECONDS + 60;
