import { pluralize, singularize } from 'inflection';
import { refuse } from './refusal.ts';
import { isCommonClass, isScriptWord, isSqlWord } from './reserved.ts';

/** PostgreSQL cuts identifiers at 63 bytes; what we add to a table's name has to fit as well. */
export const LONGEST = 60;
const LONGEST_RESOURCE = 32;

/** One resource under each of its names. */
export interface Names {
  /** `ticket_comment`: in permissions, audit actions and auth.resources */
  resource: string;
  /** `ticket_comments`: the table in schema app */
  table: string;
  /** `ticket-comments`: folder and files of the module */
  folder: string;
  /** `ticket-comment`: file of the entity */
  file: string;
  /** `TicketComment` and `TicketComments` */
  Class: string;
  Classes: string;
  /** `ticketComment` and `ticketComments` */
  one: string;
  many: string;
  /** `ticket comment` and `ticket comments`, as people say them */
  words: string;
  manyWords: string;
  /** `a ticket comment` */
  aWords: string;
}

export const pascal = (snake: string): string =>
  snake.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''); // prettier-ignore

export const camel = (snake: string): string => {
  const name = pascal(snake);
  return name.charAt(0).toLowerCase() + name.slice(1);
};

const kebab = (snake: string): string => snake.replaceAll('_', '-');
const spaced = (snake: string): string => snake.replaceAll('_', ' ');

/** As it would have been written, from what was written. */
export const snake = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^[^A-Za-z]+|_+$/g, '')
    .toLowerCase();

/** The indefinite article that a word is said with; by its letters, which is right for most words. */
export const article = (word: string): string =>
  /^(hour|honest|honou?r|heir)|^[aeio]|^u(?!ni|s[aeiou]|ti|k|r[aeiou])/.test(word) ? 'an' : 'a';

/**
 * @param plural where the language has another one than the rules know
 * @throws Refusal for a name that cannot be one, with the name to write instead where there is one
 */
export function namesOf(resource: string, plural?: string): Names {
  checkForm(resource);
  const table = plural ?? pluralize(resource);
  if (plural === undefined && singularize(resource) !== resource && pluralize(singularize(resource)) === resource)
    refuse(`${resource} is a plural: write ${singularize(resource)}.`);
  if (table === resource)
    refuse(`${resource} has no plural of its own: say one with --plural, such as --plural ${resource}_entries.`);
  if (plural !== undefined && !/^[a-z]+(_[a-z]+)*$/.test(plural))
    refuse(`--plural ${plural}: write it in small letters with underscores, as ${pluralize(resource)}.`);
  for (const word of [resource, table])
    if (isSqlWord(word) || isScriptWord(word) || isCommonClass(pascal(word)))
      refuse(`${word} is a reserved word: write what kind it is, such as sales_${resource}.`);
  return { resource, ...derived(resource, table) };
}

function checkForm(resource: string): void {
  if (!/^[a-z]+(_[a-z]+)*$/.test(resource)) {
    const better = snake(resource).replace(/[^a-z_]/g, '').replace(/^_+|_+$/g, ''); // prettier-ignore
    const instead = better && better !== resource ? `: write ${singularize(better)}` : '';
    refuse(`${resource} is no name of a resource. Small letters with underscores name one${instead}.`);
  }
  if (resource.length > LONGEST_RESOURCE)
    refuse(
      `${resource} is longer than ${LONGEST_RESOURCE} letters, and what is named after it would not fit: shorten it.`,
    );
}

function derived(resource: string, table: string): Omit<Names, 'resource'> {
  const words = spaced(resource);
  return {
    table,
    folder: kebab(table),
    file: kebab(resource),
    Class: pascal(resource),
    Classes: pascal(table),
    one: camel(resource),
    many: camel(table),
    words,
    manyWords: spaced(table),
    aWords: `${article(words)} ${words}`,
  };
}

/** The resource that a table is of, or the table's name where it is none's. */
export const singularOf = (copy: { resources: ReadonlyMap<string, { table: string }> }, table: string): string =>
  [...copy.resources].find(([, one]) => one.table === table)?.[0] ?? `app.${table}`;
