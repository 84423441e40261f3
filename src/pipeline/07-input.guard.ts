import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Request } from 'express';
import { validationFailed, versionMismatch } from '../errors/index.js';
import { IF_MATCH } from '../route/index.js';
import { inputTooDeep, invalidText, parameterRepeated } from './problems.js';

const BODY = '3';
const QUERY = '4';
const MAX_DEPTH = 16;
const FORBIDDEN_KEYS = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/**
 * What no validation class sees: a query or a body on a route that takes none, a parameter given twice, text that
 * PostgreSQL cannot store or that is not Unicode, a version that nobody compares, nesting without end, and keys that reach
 * for the prototype. Refused, never ignored and never repaired. Runs before the validation pipe, since that one recurses.
 */
@Injectable()
export class InputGuard implements CanActivate {
  private readonly takes = new WeakMap<object, { body: boolean; query: boolean }>();

  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<Request>();
    assertComparable(request, execution.getHandler());
    const { query, body } = request as { query: unknown; body?: unknown };
    const takes = this.takesOf(execution);
    const given = query as Record<string, unknown>;
    for (const name in given) {
      if (!takes.query) throw unknownField(name);
      if (typeof given[name] !== 'string') throw parameterRepeated(`The parameter ${printable(name)} is given twice.`);
    }
    assertPlain(query);
    if (body === undefined) return true;
    if (!takes.body && !isEmpty(body)) throw validationFailed('This route takes no body.');
    assertPlain(body);
    return true;
  }

  /** Which parameters the handler declares, from Nest's own metadata. */
  private takesOf(execution: ExecutionContext): { body: boolean; query: boolean } {
    const handler = execution.getHandler();
    let takes = this.takes.get(handler);
    if (!takes) {
      const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, execution.getClass(), handler.name) as
        object | undefined;
      const kinds = Object.keys(parameters ?? {}).map((key) => key.split(':')[0]);
      takes = { body: kinds.includes(BODY), query: kinds.includes(QUERY) };
      this.takes.set(handler, takes);
    }
    return takes;
  }
}

/** A condition that nobody compares is not met: a change must not pass by one. (RFC 9110 section 13.1.1) */
function assertComparable({ method, headers }: Request, handler: object): void {
  const given = headers['if-match'];
  if (given === undefined || given.trim() === '*' || !/^(PATCH|PUT|DELETE)$/.test(method)) return;
  if (!Reflect.getMetadata(IF_MATCH, handler)) throw versionMismatch();
}

/** Iterative: the input decides how deep it is, so it must not decide how deep our stack is. */
export function assertPlain(input: unknown): void {
  const waiting: [value: unknown, depth: number][] = [[input, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, depth] = next;
    if (typeof value === 'string') assertText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw inputTooDeep(`Values may be nested ${MAX_DEPTH} levels deep.`);
    for (const key of Object.keys(value)) {
      assertText(key);
      if (FORBIDDEN_KEYS.has(key)) throw unknownField(key);
      waiting.push([(value as Record<string, unknown>)[key], depth + 1]);
    }
  }
}

function assertText(text: string): void {
  if (text.includes('\0')) throw invalidText('Text must not contain U+0000.');
  if (!text.isWellFormed()) throw invalidText('Text must be well-formed Unicode.');
}

const isEmpty = (body: unknown): boolean => typeof body === 'object' && body !== null && Object.keys(body).length === 0;

const printable = (name: string): string => JSON.stringify(name.toWellFormed().slice(0, 80));

const unknownField = (name: string): Error =>
  validationFailed('This request has a field that the route does not take.', {
    errors: [{ field: name.toWellFormed().slice(0, 80), message: 'unknown field' }],
  });
