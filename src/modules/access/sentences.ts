import type { JudgedStep } from './access.repository.js';

const path = (roles: JudgedStep['roles']): string => (roles ?? []).map(({ slug }) => slug).join(' > ');

function permissionSentence({ holds, permission, roles }: JudgedStep): string {
  if (!holds) return `The role does not have the permission ${permission}, nor does a role below it.`;
  return (roles?.length ?? 0) > 1
    ? `The role has the permission ${permission} from a role below it: ${path(roles)}.`
    : `The role has the permission ${permission}.`;
}

function visibilitySentence({ relation, visibility, roles }: JudgedStep): string {
  if (relation === 'owner') return 'The record is their own.';
  if (relation === 'public') return 'The record is public within the tenant.';
  if (relation === 'owner_role_below') return `The role stands above that of the record’s owner: ${path(roles)}.`;
  if (relation === 'rule') return 'A rule of this kind of record shows it.';
  if (visibility === 'private') return 'The record is private: only its owner sees it.';
  if (visibility === 'controlled') return 'The record shows to its owner and to roles above the owner’s role.';
  if (visibility === 'public') return 'The record is public, but the role may not read records of this kind.';
  return 'There is nothing here that you can see.';
}

function aalSentence({ holds, demanded, held }: JudgedStep): string {
  if (demanded === 1) return 'No second factor is demanded.';
  if (holds) return 'A second factor is demanded, and was given.';
  return held === 2
    ? 'A second factor is demanded, and was given too long ago.'
    : 'A second factor is demanded, and was not given in this session.';
}

/** What a step comes to, in a sentence for people. */
export function sentenceOf(step: JudgedStep): string {
  switch (step.step) {
    case 'tenant':
      return `The tenant is ${step.status}.`;
    case 'session':
      return `The membership is ${step.status}.`;
    case 'aal':
      return aalSentence(step);
    case 'permission':
      return permissionSentence(step);
    case 'visibility':
      return visibilitySentence(step);
    case 'rule':
      return 'A further rule of this kind of record refuses it.';
  }
}
