import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const DEPRECATED = 'ringfence:deprecated';

export interface Deprecation {
  /** day from which it should not be used, as 2026-01-01 (UTC) */
  since: string;
  /** day on which it may be gone, not before `since` */
  sunset?: string;
  /** page that says what to use instead: a path here, or an https URL */
  link: string;
}

/** What each answer of a deprecated route carries, refusals as well. */
export interface DeprecationHeaders {
  Deprecation: string;
  Sunset?: string;
  Link: string;
}

/**
 * The route goes away: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a `Link` with `rel="deprecation"` are on each of
 * its answers, and OpenAPI says `deprecated` with `x-sunset`. @throws Error where the declaration cannot be right
 */
export const Deprecated = (deprecation: Deprecation): MethodDecorator => {
  const { since, sunset } = deprecation;
  return applyDecorators(
    SetMetadata(DEPRECATED, headersOf(deprecation)),
    ApiExtension('x-deprecated-since', since),
    ...(sunset === undefined ? [] : [ApiExtension('x-sunset', sunset)]),
  );
};

function headersOf({ since, sunset, link }: Deprecation): DeprecationHeaders {
  const begins = dayOf(since);
  const ends = sunset === undefined ? undefined : dayOf(sunset);
  if (ends && ends < begins) throw new Error(`@Deprecated: the sunset ${ends.toISOString()} is before ${since}`);
  if (!/^(https:\/)?\/[^\s<>"]+$/.test(link))
    throw new Error(`@Deprecated: the link "${link}" is no path and no https URL`);
  return {
    Deprecation: `@${begins.getTime() / 1000}`,
    ...(ends ? { Sunset: ends.toUTCString() } : {}),
    Link: `<${link}>; rel="deprecation"; type="text/html"`,
  };
}

function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text)) {
    throw new Error(`@Deprecated: "${text}" is no day; write it as 2026-01-01`);
  }
  return day;
}
