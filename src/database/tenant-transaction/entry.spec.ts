import { describe, expect, it } from '@jest/globals';
import { enterStatement, NO_SETTINGS, readContext } from './entry.js';

describe('enterStatement', () => {
  it('is one unnamed statement whose values are parameters, whatever they hold', () => {
    const nasty = `'; drop table app.deals; --`;
    const statement = enterStatement({ cap: nasty, claims: nasty });
    expect(statement).toEqual({ text: enterStatement(NO_SETTINGS).text, values: [nasty, nasty] });
    expect(statement.text).toMatch(/^select [\w, ]+ from app\.enter\(\$1, \$2\)$/);
    expect(statement).not.toHaveProperty('name');
  });

  it('sets both settings to the empty text where there is no caller', () => {
    expect(enterStatement(NO_SETTINGS).values).toEqual(['', '']);
  });
});

describe('readContext', () => {
  const row = {
    session_id: 's',
    user_id: 'u',
    tenant_id: 't',
    role_id: 'r',
    permissions: ['deal:read'],
    subordinate_role_ids: [],
    aal: 2,
    refusal: null,
  };

  it('gives the caller as the database sees it', () => {
    expect(readContext([row])).toEqual({
      sessionId: 's',
      userId: 'u',
      tenantId: 't',
      roleId: 'r',
      permissions: new Set(['deal:read']),
      subordinateRoleIds: [],
      aal: 'aal2',
    });
  });

  it('says why there is none', () => {
    expect(readContext([])).toBe('ended');
    expect(readContext([{ ...row, session_id: null }])).toBe('ended');
    expect(readContext([{ ...row, session_id: null, refusal: 'tenant_suspended' }])).toBe('tenant_suspended');
  });
});
