import { defineProblem } from '../errors/index.js';

// What the way of every request refuses, whatever its route.

export const malformedRequest = defineProblem('malformed_request', {
  status: 400,
  meaning: 'The request cannot be read.',
  todo: 'Correct it: the body is JSON, and the path has no broken escapes.',
});

export const invalidText = defineProblem('invalid_text', {
  status: 400,
  meaning: 'Text in this request is not UTF-8, not well-formed Unicode, or contains U+0000.',
  todo: 'Correct it; nothing is repaired silently.',
});

export const parameterRepeated = defineProblem('parameter_repeated', {
  status: 400,
  meaning: 'A parameter is given twice.',
  todo: 'Give it once.',
});

export const inputTooDeep = defineProblem('input_too_deep', {
  status: 400,
  meaning: 'Values are nested too deep.',
  todo: 'Send what the API document declares; none of it is as deep as that.',
});

export const tenantRequired = defineProblem('tenant_required', {
  status: 403,
  meaning: 'This session has no tenant.',
  todo: 'Choose one with POST /v1/auth/switch-tenant.',
});

export const methodNotAllowed = defineProblem('method_not_allowed', {
  status: 405,
  meaning: 'This path does not take this method.',
  todo: 'Use one that the API document has for it.',
});

export const notAcceptable = defineProblem('not_acceptable', {
  status: 406,
  meaning: 'The answer would be application/json, which Accept excludes.',
  todo: 'Leave Accept out, or allow application/json.',
});

export const unsupportedMediaType = defineProblem('unsupported_media_type', {
  status: 415,
  meaning: 'The body is not application/json in UTF-8.',
  todo: 'Send it as that, with this Content-Type.',
});

export const internalError = defineProblem('internal_error', {
  status: 500,
  meaning: 'Something failed on our side.',
  todo: 'Try again later, and tell us the trace id if it stays: it helps us to find the cause.',
});

export const outcomeUnknown = defineProblem('outcome_unknown', {
  status: 503,
  meaning: 'The change may or may not have been made.',
  todo: 'Read before you try again.',
  extras: { retryAfterSeconds: 2 },
});
