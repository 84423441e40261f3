import { conflict, type DomainError } from '../../errors/index.js';

/** What is asked for needs a second factor, and the person has none of that kind. */
export const noFactor = (): DomainError => conflict('no_factor', 'You have no such second factor. Enrol one first.');
