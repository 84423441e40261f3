import { ApiExtension } from '@nestjs/swagger';

/** Where a route says which headers its success has; the OpenAPI document turns it into their descriptions. */
export const ANSWER_HEADERS = 'x-answer-headers';

export type AnswerHeader = 'ETag' | 'Location' | 'Content-Disposition';

/** Documents the headers that every success of the route has, and that a client goes on with. */
export const AnswerHeaders = (...names: AnswerHeader[]): MethodDecorator => ApiExtension(ANSWER_HEADERS, names);
