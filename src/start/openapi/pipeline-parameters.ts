import { IDEMPOTENCY_PARAMETER } from '../../route/index.js';
import { namedHeaders } from './answers.js';
import type { Parameter, Place } from './types.js';

/** A single record is asked for again with the ETag of the last answer. (RFC 9110 section 13.1.2) */
const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'ETags that the caller has; the answer is 304 without a body where one is the record’s.',
  schema: { type: 'string', examples: ['"v1"'] },
};

/** What the way of a request reads for every route of a kind. */
export function pipelineParameters({ path, method, operation }: Place): Parameter[] {
  return [
    ...(path.startsWith('/v1/') && method === 'post' ? [IDEMPOTENCY_PARAMETER] : []),
    ...(method === 'get' && namedHeaders(operation).includes('ETag') ? [IF_NONE_MATCH] : []),
  ];
}
