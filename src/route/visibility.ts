import { ChoiceField } from './fields/index.js';

/** Who sees a record that has an owner, from the fewest to the most. */
export const VISIBILITIES = ['private', 'controlled', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** @param permission that everybody needs to see such records at all, by its code */
export const VisibilityField = (permission: string, options: { default?: Visibility } = {}): PropertyDecorator =>
  ChoiceField(VISIBILITIES, {
    ...options,
    optional: true,
    description: `private: the owner. controlled: the owner and roles above the owner’s. public: everybody here with ${permission}.`,
  });
