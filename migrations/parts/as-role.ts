/** SQL that runs as ringfence_derive, which may create in the schemas named (`app`, or `app, auth`) while it lasts. */
export const asDerive = (schemas: string, sql: string): string => `
  grant create on schema ${schemas} to ringfence_derive; set role ringfence_derive; ${sql}; reset role;
  revoke create on schema ${schemas} from ringfence_derive`;
