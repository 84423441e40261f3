// Generated from openapi.json. Do not edit.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type AcceptInvitationRequest = {
    /**
     * The token of the link in the mail.
     */
    token: string;
    /**
     * For whoever has no account yet.
     */
    fullName?: string;
    /**
     * For whoever has no account yet: 15 to 128 characters.
     */
    password?: string;
};

export type ActivateTotpRequest = {
    /**
     * The six digits that the app shows.
     */
    code: string;
};

export type AlgorithmView = {
    type: 'public-key';
    /**
     * COSE algorithm (RFC 9053).
     */
    alg: number;
};

export type AllowedView = {
    reason: string;
    /**
     * When that was judged.
     */
    date: string;
};

export type AnnouncedFile = {
    id: string;
    version: number;
    upload: WholeUpload | PartsUpload;
};

export type ApiKeyPage = {
    items: Array<ApiKeyView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type ApiKeyView = {
    id: string;
    name: string;
    /**
     * The third part of the key, by which it is told from others. No secret.
     */
    publicId: string;
    /**
     * unconfirmed: whoever answered for it has left or is disabled, so it counts for nothing until somebody confirms it. suspended: their membership is, and it counts for nothing as long.
     */
    status: 'active' | 'expired' | 'suspended' | 'unconfirmed';
    /**
     * It may do what is listed here and what the role of whoever answers for it holds at that moment.
     */
    permissions: Array<string>;
    /**
     * Who answers for it, and with whose rights it acts.
     */
    userId: string;
    createdBy: string;
    expiresAt: string;
    /**
     * Null: what the installation allows a key.
     */
    requestsPerMinute: number | null;
    createdAt: string;
    /**
     * When its secret was last replaced.
     */
    rotatedAt: string | null;
    /**
     * To the minute. Null: never, as far as we know.
     */
    lastUsedAt: string | null;
};

export type ArchiveAccepted = {
    id: string;
    status: 'queued' | 'running' | 'done' | 'failed';
};

export type AssertionCredential = {
    id: string;
    /**
     * The same as `id`.
     */
    rawId: string;
    type: 'public-key';
    /**
     * `platform` or `cross-platform`; not used.
     */
    authenticatorAttachment?: string;
    /**
     * What the browser says of extensions; not used. At most 4096 characters of JSON.
     */
    clientExtensionResults: {
        [key: string]: unknown;
    };
    response: AssertionResponse;
};

export type AssertionResponse = {
    clientDataJSON: string;
    authenticatorData: string;
    signature: string;
    /**
     * Whose passkey it is; a discoverable one always says so.
     */
    userHandle?: string;
};

export type AssignRoleRequest = {
    /**
     * A role below one’s own.
     */
    roleId: string;
};

export type AttestationResponse = {
    clientDataJSON: string;
    attestationObject: string;
    /**
     * Not used: it is in the attestation object.
     */
    authenticatorData?: string;
    transports?: Array<string>;
    /**
     * Not used: it is in the attestation object.
     */
    publicKey?: string;
    /**
     * Not used: it is in the attestation object.
     */
    publicKeyAlgorithm?: number;
};

export type AuditChangeView = {
    type: string;
    /**
     * Of the row.
     */
    id: string;
    op: 'insert' | 'update' | 'delete';
    /**
     * A row that is one element of a list stands as a list of one.
     */
    before: {
        [key: string]: unknown;
    } | null;
    after: {
        [key: string]: unknown;
    } | null;
};

export type AuditCheckpointPage = {
    items: Array<AuditCheckpointView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type AuditCheckpointView = {
    /**
     * How many entries it covers.
     */
    size: number;
    root: string;
    at: string;
    epoch: number;
    /**
     * The signed text (C2SP signed-note). Keep it.
     */
    note: string;
};

export type AuditConsistencyView = {
    from: number;
    to: number;
    /**
     * RFC 9162 section 2.1.4.
     */
    path: Array<string>;
};

export type AuditEntryDetail = {
    id: string;
    /**
     * Number in the log; null until it is sealed.
     */
    seq: number | null;
    actorId: string | null;
    actorType: 'user' | 'operator' | 'command_line' | 'database' | 'job' | 'task' | 'key' | 'nobody';
    /**
     * In which of the actor’s sessions.
     */
    sessionId: string | null;
    action: string;
    targetType: string | null;
    targetId: string | null;
    outcome: 'success' | 'denied' | 'failure';
    /**
     * Of the problem that was answered.
     */
    code: string | null;
    at: string;
    requestId: string | null;
    /**
     * Repeats that were counted instead of written; else 1.
     */
    count: number;
    /**
     * What changed of the target, as it was. Of a list (`permissions` and `parents` of a role): before has what was taken from it, after what was added.
     */
    before: {
        [key: string]: unknown;
    } | null;
    /**
     * What changed of the target, as it is since. Of a list (`permissions` and `parents` of a role): before has what was taken from it, after what was added.
     */
    after: {
        [key: string]: unknown;
    } | null;
    /**
     * What the action adds.
     */
    details: {
        [key: string]: unknown;
    } | null;
    /**
     * Null once it is erased, too.
     */
    address: string | null;
    /**
     * Null once it is erased, too.
     */
    userAgent: string | null;
    /**
     * Every row that changed with it, in order.
     */
    changes: Array<AuditChangeView>;
};

export type AuditEntryPage = {
    items: Array<AuditEntryView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type AuditEntryView = {
    id: string;
    /**
     * Number in the log; null until it is sealed.
     */
    seq: number | null;
    actorId: string | null;
    actorType: 'user' | 'operator' | 'command_line' | 'database' | 'job' | 'task' | 'key' | 'nobody';
    /**
     * In which of the actor’s sessions.
     */
    sessionId: string | null;
    action: string;
    targetType: string | null;
    targetId: string | null;
    outcome: 'success' | 'denied' | 'failure';
    /**
     * Of the problem that was answered.
     */
    code: string | null;
    at: string;
    requestId: string | null;
    /**
     * Repeats that were counted instead of written; else 1.
     */
    count: number;
    /**
     * What changed of the target, as it was. Of a list (`permissions` and `parents` of a role): before has what was taken from it, after what was added.
     */
    before: {
        [key: string]: unknown;
    } | null;
    /**
     * What changed of the target, as it is since. Of a list (`permissions` and `parents` of a role): before has what was taken from it, after what was added.
     */
    after: {
        [key: string]: unknown;
    } | null;
    /**
     * What the action adds.
     */
    details: {
        [key: string]: unknown;
    } | null;
    /**
     * Null once it is erased, too.
     */
    address: string | null;
    /**
     * Null once it is erased, too.
     */
    userAgent: string | null;
};

export type AuditKeyList = {
    items: Array<AuditKeyView>;
};

export type AuditKeyView = {
    /**
     * Verifier key (C2SP signed-note).
     */
    key: string;
    /**
     * Whether this server holds it. Trust no other without asking why.
     */
    held: boolean;
};

export type AuditProofView = {
    id: string;
    seq: number;
    /**
     * Of the tree that the checkpoint signs.
     */
    size: number;
    /**
     * The canonical JSON that is hashed.
     */
    entry: string;
    /**
     * As it was stored when the entry got its number.
     */
    leafHash: string;
    /**
     * RFC 9162 section 2.1.3, from the leaf up.
     */
    inclusionPath: Array<string>;
    /**
     * The latest checkpoint: its root is what the path leads to.
     */
    checkpoint: string;
};

export type AuthenticationOptionsResponse = {
    /**
     * base64url without padding; good for one attempt in five minutes.
     */
    challenge: string;
    /**
     * Milliseconds.
     */
    timeout?: number;
    rpId?: string;
    allowCredentials?: Array<CredentialDescriptorView>;
    userVerification?: 'required';
};

export type AuthenticatorSelectionView = {
    residentKey?: 'preferred';
    requireResidentKey?: boolean;
    userVerification?: 'required';
};

export type ChangePasswordRequest = {
    currentPassword: string;
    /**
     * 8 to 128 characters; 15 and more where there is no second factor.
     */
    newPassword: string;
};

export type CompleteFileRequest = {
    /**
     * Default: the latest.
     */
    version?: number;
    /**
     * Of an upload in parts: all of them.
     */
    parts?: Array<UploadedPart>;
};

export type CreateApiKeyRequest = {
    name: string;
    /**
     * Codes from GET /v1/permissions that one’s own role holds. At least one.
     */
    permissions: Array<string>;
    /**
     * In the future, 366 days at most.
     */
    expiresAt: string;
    /**
     * Left out: what the installation allows a key.
     */
    requestsPerMinute?: number;
};

export type CreateDealRequest = {
    title: string;
    amount: string;
    currency: string;
    stage?: 'lead' | 'qualified' | 'proposal' | 'won' | 'lost';
    /**
     * private: the owner. controlled: the owner and roles above the owner’s. public: everybody here with deal:read.
     */
    visibility?: 'private' | 'controlled' | 'public';
};

export type CreateFileRequest = {
    /**
     * Type and subtype, in lower case.
     */
    contentType: string;
    /**
     * Bytes.
     */
    size: number;
    /**
     * SHA-256 of the whole.
     */
    sha256: string;
    /**
     * To upload in parts, so many at most: each has 5 MiB or more, but the last.
     */
    parts?: number;
    name: string;
    /**
     * Kind of the record that the file belongs to.
     */
    resourceType: string;
    /**
     * The record: who sees it sees the file.
     */
    resourceId: string;
};

export type CreateInvitationRequest = {
    email: string;
    /**
     * A role below one’s own.
     */
    roleId: string;
    /**
     * What the client wants to remember; 4096 characters of JSON at most.
     */
    metadata?: {
        [key: string]: unknown;
    };
};

export type CreateProjectRequest = {
    name: string;
};

export type CreateRoleRequest = {
    name: string;
    /**
     * Left out: made from the name.
     */
    slug?: string;
    /**
     * Codes from GET /v1/permissions; those of the roles below are held in any case.
     */
    permissions: Array<string>;
    /**
     * Roles that stand above it: one’s own role, or roles below that. At least one.
     */
    parentIds: Array<string>;
};

export type CreateTicketCommentRequest = {
    body: string;
};

export type CreateTicketRequest = {
    title: string;
    body: string;
    /**
     * A project that one sees; null: none.
     */
    projectId?: string | null;
};

export type CreateWebhookRequest = {
    /**
     * https, of a host with a public address; no user name, password or fragment.
     */
    url: string;
    /**
     * At least one, of GET /v1/webhooks/event-types.
     */
    events: Array<string>;
    description?: string;
};

export type CreatedWebhook = {
    id: string;
    url: string;
    events: Array<string>;
    description: string;
    status: 'active' | 'disabled';
    /**
     * gone: it answered 410. failing: nothing arrived there for three days. backlog: it did not keep up.
     */
    disabledReason: 'by_hand' | 'gone' | 'failing' | 'backlog' | null;
    /**
     * Since the first failure that no success followed.
     */
    failingSince: string | null;
    /**
     * Who made it.
     */
    createdBy: string;
    createdAt: string;
    updatedAt: string;
    /**
     * Signs; shown once.
     */
    secret: string;
};

export type CredentialDescriptorView = {
    /**
     * base64url without padding
     */
    id: string;
    type: 'public-key';
    transports?: Array<string>;
};

export type DealPage = {
    items: Array<DealView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type DealView = {
    id: string;
    title: string;
    /**
     * Decimal text, two places.
     */
    amount: string;
    currency: string;
    stage: 'lead' | 'qualified' | 'proposal' | 'won' | 'lost';
    visibility: 'private' | 'controlled' | 'public';
    ownerId: string;
    createdAt: string;
    updatedAt: string;
};

export type DeliveryDetails = {
    id: string;
    webhookId: string;
    /**
     * The header webhook-id: the same in retries and replays.
     */
    messageId: string;
    type: string;
    status: 'pending' | 'delivered' | 'failed';
    /**
     * Attempts so far; eight at most.
     */
    attempts: number;
    lastAttemptAt: string | null;
    /**
     * HTTP status of the last answer.
     */
    responseStatus: number | null;
    /**
     * Why the last attempt failed.
     */
    errorCode: string | null;
    /**
     * Of the last attempt, milliseconds.
     */
    durationMs: number | null;
    /**
     * Null: there is none.
     */
    nextAttemptAt: string | null;
    createdAt: string;
    payload: WebhookPayload;
};

export type DeliveryPage = {
    items: Array<DeliveryView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type DeliveryView = {
    id: string;
    webhookId: string;
    /**
     * The header webhook-id: the same in retries and replays.
     */
    messageId: string;
    type: string;
    status: 'pending' | 'delivered' | 'failed';
    /**
     * Attempts so far; eight at most.
     */
    attempts: number;
    lastAttemptAt: string | null;
    /**
     * HTTP status of the last answer.
     */
    responseStatus: number | null;
    /**
     * Why the last attempt failed.
     */
    errorCode: string | null;
    /**
     * Of the last attempt, milliseconds.
     */
    durationMs: number | null;
    /**
     * Null: there is none.
     */
    nextAttemptAt: string | null;
    createdAt: string;
};

export type EnrolTotpRequest = {
    /**
     * What the person calls the device.
     */
    name: string;
};

export type EraseTenantRequest = {
    /**
     * The slug of the tenant once more.
     */
    confirm: string;
};

export type EventTypeList = {
    items: Array<EventTypeView>;
    /**
     * Null: these are all.
     */
    nextCursor: string | null;
};

export type EventTypeView = {
    type: string;
    description: string;
};

export type ExplainRequest = {
    action: 'read' | 'create' | 'update' | 'delete';
    /**
     * As in the permission codes.
     */
    resourceType: string;
    /**
     * The record; needed but for "create", which has none yet.
     */
    resourceId?: string;
    /**
     * Another member, which takes access:explain. Left out: oneself.
     */
    userId?: string;
};

export type Explanation = {
    allowed: boolean;
    /**
     * The first step that refuses; for what is allowed, what made the record visible.
     */
    decidedBy: 'tenant' | 'session' | 'aal' | 'permission' | 'visibility' | 'rule' | 'owner' | 'owner_role_below' | 'public' | 'none';
    /**
     * In the order in which they are asked; a refusal is the last.
     */
    reasons: Array<Reason>;
};

export type FactorItem = {
    id: string;
    type: 'totp' | 'webauthn';
    name: string;
    /**
     * False: begun, and still to be activated.
     */
    active: boolean;
    createdAt: string;
    activatedAt: string | null;
    lastUsedAt: string | null;
};

export type FactorsResponse = {
    /**
     * Oldest first; all of them, as their number is limited.
     */
    items: Array<FactorItem>;
    nextCursor: string | null;
    /**
     * How many recovery codes were not used.
     */
    recoveryCodesLeft: number;
};

export type FilePage = {
    items: Array<FileView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type FileView = {
    version: number;
    contentType: string;
    /**
     * Bytes.
     */
    size: number;
    /**
     * SHA-256, hexadecimal.
     */
    sha256: string;
    /**
     * pending: to be uploaded and completed. quarantined: waits for the antivirus scanner. ready: there. lost: its bytes are gone.
     */
    status: 'pending' | 'quarantined' | 'ready' | 'lost';
    createdBy: string;
    createdAt: string;
    id: string;
    name: string;
    resourceType: string;
    resourceId: string;
};

export type ForgotPasswordRequest = {
    email: string;
};

export type Health = {
    status: 'ok';
};

export type InvitationPage = {
    items: Array<InvitationView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type InvitationPreview = {
    tenantName: string;
    roleName: string;
    expiresAt: string;
};

export type InvitationView = {
    id: string;
    /**
     * In its canonical spelling.
     */
    email: string;
    roleId: string;
    /**
     * Who invites; null: whoever set the tenant up.
     */
    invitedBy: string | null;
    metadata: {
        [key: string]: unknown;
    };
    expiresAt: string;
    createdAt: string;
};

export type InviteOwnerRequest = {
    /**
     * Who is invited to be the first owner instead.
     */
    adminEmail: string;
};

export type IsolationCheckView = {
    id: string;
    /**
     * What is wrong if it finds something.
     */
    title: string;
    /**
     * BLOCK: no server serves on what it finds.
     */
    severity: 'BLOCK' | 'FIX';
    /**
     * `accepted`: all that was found is allowed. `skipped`: it could not run, so nothing is known.
     */
    status: 'pass' | 'found' | 'accepted' | 'skipped';
    /**
     * What somebody could do if it were left.
     */
    why: string;
    /**
     * What to do about a finding.
     */
    mend: string;
    /**
     * Its page, in the repository.
     */
    page: string;
    findings: Array<IsolationFindingView>;
    /**
     * Only where it was skipped: why.
     */
    skipped?: string;
};

export type IsolationFindingView = {
    /**
     * As SQL names it.
     */
    object: string;
    detail: string;
    /**
     * Only where it is allowed: why it may stay.
     */
    allowed?: AllowedView;
};

export type IsolationReportView = {
    at: string;
    /**
     * Version of PostgreSQL.
     */
    server: string;
    database: string;
    /**
     * Who asked.
     */
    roles: Array<string>;
    /**
     * `BLOCK`: isolation is broken or can be lifted. `FIX`: a layer is missing, or a check could not run. `PASS`: neither.
     */
    verdict: 'PASS' | 'FIX' | 'BLOCK';
    checks: Array<IsolationCheckView>;
};

export type JobPage = {
    items: Array<JobView>;
    nextCursor: string | null;
};

export type JobView = {
    id: string;
    kind: string;
    /**
     * dead: it was tried as often as it may be, or trying is no use.
     */
    status: 'queued' | 'running' | 'succeeded' | 'dead';
    /**
     * For whom it is done.
     */
    actorId: string;
    /**
     * Tries so far.
     */
    attempt: number;
    attemptsAtMost: number;
    /**
     * Of the last try.
     */
    error: string | null;
    /**
     * Not before.
     */
    runAfter: string;
    createdAt: string;
    startedAt: string | null;
    finishedAt: string | null;
};

export type KeySet = {
    keys: Array<PublicKeyView>;
};

export type LoginRequest = {
    email: string;
    password: string;
    /**
     * Id or slug of the tenant to sign in to.
     */
    tenant?: string;
};

export type MagicLinkRequest = {
    email: string;
    /**
     * Id or slug of the tenant to sign in to.
     */
    tenant?: string;
    /**
     * base64url of the SHA-256 of a verifier that the asker keeps (RFC 7636, S256): the link is then theirs alone.
     */
    codeChallenge?: string;
};

export type MeResponse = {
    user: UserView;
    session: SessionView;
    tenant: TenantSummary | null;
    role: RoleView | null;
    permissions: Array<string>;
    aal: 'aal1' | 'aal2';
    /**
     * Whether a second factor is active.
     */
    mfaEnrolled: boolean;
    tenants: Array<TenantSummary>;
};

export type MemberPage = {
    items: Array<MemberView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type MemberRole = {
    id: string;
    slug: string;
    name: string;
};

export type MemberView = {
    userId: string;
    fullName: string;
    email: string;
    role: MemberRole;
    status: 'active' | 'suspended';
    joinedAt: string;
};

export type NewApiKeyView = {
    id: string;
    name: string;
    /**
     * The third part of the key, by which it is told from others. No secret.
     */
    publicId: string;
    /**
     * unconfirmed: whoever answered for it has left or is disabled, so it counts for nothing until somebody confirms it. suspended: their membership is, and it counts for nothing as long.
     */
    status: 'active' | 'expired' | 'suspended' | 'unconfirmed';
    /**
     * It may do what is listed here and what the role of whoever answers for it holds at that moment.
     */
    permissions: Array<string>;
    /**
     * Who answers for it, and with whose rights it acts.
     */
    userId: string;
    createdBy: string;
    expiresAt: string;
    /**
     * Null: what the installation allows a key.
     */
    requestsPerMinute: number | null;
    createdAt: string;
    /**
     * When its secret was last replaced.
     */
    rotatedAt: string | null;
    /**
     * To the minute. Null: never, as far as we know.
     */
    lastUsedAt: string | null;
    /**
     * The key itself, for `Authorization: Bearer`. Keep it: it is not shown again.
     */
    key: string;
};

export type PartUpload = {
    number: number;
    /**
     * Bytes of this part.
     */
    size: number;
    method: 'PUT';
    url: string;
    /**
     * To be sent as they are.
     */
    headers: {
        [key: string]: string;
    };
};

export type PartsUpload = {
    /**
     * Bytes of every part but the last.
     */
    partSize: number;
    parts: Array<PartUpload>;
    expiresAt: string;
};

export type PasskeyLoginRequest = {
    credential: AssertionCredential;
    /**
     * Id or slug of the tenant to sign in to.
     */
    tenant?: string;
};

export type PasskeyRegisteredResponse = {
    /**
     * The factor; it counts at once.
     */
    id: string;
    /**
     * Ten codes for the day when every factor is lost, shown this once; empty when there are some already.
     */
    recoveryCodes: Array<string>;
};

export type PasskeyUserView = {
    /**
     * Opaque handle of the account; base64url without padding.
     */
    id: string;
    /**
     * What the browser shows, to tell accounts apart.
     */
    name: string;
    displayName: string;
};

export type PermissionView = {
    code: string;
    description: string;
};

export type PermissionsResponse = {
    items: Array<PermissionView>;
    nextCursor: string | null;
};

export type PlatformTenantPage = {
    items: Array<PlatformTenantView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type PlatformTenantView = {
    id: string;
    slug: string;
    name: string;
    status: 'active' | 'suspended';
    createdAt: string;
    /**
     * Members, suspended ones included; an invitation is none yet.
     */
    memberCount: number;
};

export type PreviewInvitationRequest = {
    /**
     * The token of the link in the mail.
     */
    token: string;
};

/**
 * What went wrong (RFC 9457). Go by `status` and `code`; what `title` and `detail` say may change.
 */
export type Problem = {
    /**
     * Names the kind of problem, as `code` does.
     */
    type: string;
    /**
     * The status in words.
     */
    title: string;
    /**
     * The HTTP status once more.
     */
    status: number;
    /**
     * For people.
     */
    detail: string;
    /**
     * The path of the request, without its query.
     */
    instance: string;
    /**
     * Stable.
     */
    code: string;
    /**
     * What our log calls this request.
     */
    traceId: string;
    /**
     * Of `permission_missing`.
     */
    missingPermission?: string;
    /**
     * Of `aal2_required`: give a second factor.
     */
    requiredAal?: 'aal2';
    /**
     * Field by field, where that is the reason.
     */
    errors?: Array<{
        /**
         * As it was sent, with dots between levels.
         */
        field: string;
        /**
         * For people.
         */
        message: string;
    }>;
};

export type ProjectPage = {
    items: Array<ProjectView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type ProjectView = {
    id: string;
    name: string;
    createdAt: string;
    updatedAt: string;
};

export type ProvisionTenantRequest = {
    name: string;
    /**
     * Names the tenant at sign-in; one of a kind.
     */
    slug: string;
    /**
     * Who is invited to be the first owner.
     */
    adminEmail: string;
};

export type PublicKeyView = {
    kty: 'EC';
    crv: 'P-256';
    /**
     * base64url
     */
    x: string;
    /**
     * base64url
     */
    y: string;
    /**
     * What the header of a token names.
     */
    kid: string;
    alg: 'ES256';
    use: 'sig';
};

export type Reason = {
    step: 'tenant' | 'session' | 'aal' | 'permission' | 'visibility' | 'rule';
    holds: boolean;
    /**
     * For people; the words may change.
     */
    detail: string;
    /**
     * Of the tenant, or of the membership.
     */
    status?: 'active' | 'suspended';
    demanded?: 'aal1' | 'aal2';
    held?: 'aal1' | 'aal2';
    permission?: string;
    /**
     * From the member’s role down to the one that has the permission, or to the role of the owner.
     */
    roles?: Array<RoleOnPath>;
    /**
     * What makes the record visible.
     */
    relation?: 'owner' | 'owner_role_below' | 'public' | 'rule' | 'none';
    visibility?: 'private' | 'controlled' | 'public';
    ownerId?: string;
};

export type RecoveryCodesResponse = {
    /**
     * Shown once, each good for one use. Empty where there were factors, and so codes, before.
     */
    recoveryCodes: Array<string>;
};

export type RefreshRequest = {
    /**
     * The refresh token of the last answer.
     */
    refreshToken: string;
};

export type RegisterPasskeyRequest = {
    /**
     * What its owner calls it.
     */
    name: string;
    credential: RegistrationCredential;
};

export type RegistrationCredential = {
    id: string;
    /**
     * The same as `id`.
     */
    rawId: string;
    type: 'public-key';
    /**
     * `platform` or `cross-platform`; not used.
     */
    authenticatorAttachment?: string;
    /**
     * What the browser says of extensions; not used. At most 4096 characters of JSON.
     */
    clientExtensionResults: {
        [key: string]: unknown;
    };
    response: AttestationResponse;
};

export type RegistrationOptionsResponse = {
    rp: RelyingPartyView;
    user: PasskeyUserView;
    /**
     * base64url without padding; good for one attempt in five minutes, in this session.
     */
    challenge: string;
    pubKeyCredParams: Array<AlgorithmView>;
    /**
     * Milliseconds.
     */
    timeout?: number;
    excludeCredentials?: Array<CredentialDescriptorView>;
    authenticatorSelection?: AuthenticatorSelectionView;
    attestation?: 'none';
    extensions?: {
        [key: string]: unknown;
    };
    hints?: Array<string>;
};

export type RelyingPartyView = {
    id?: string;
    name: string;
};

export type RenameFactorRequest = {
    name: string;
};

export type ResetPasswordRequest = {
    /**
     * The token of the link in the mail.
     */
    token: string;
    /**
     * 8 to 128 characters; 15 and more where there is no second factor.
     */
    password: string;
};

export type RoleDetails = {
    id: string;
    slug: string;
    name: string;
    /**
     * Its own; it holds those of the roles below it, too.
     */
    permissions: Array<string>;
    /**
     * The roles right above it.
     */
    parentIds: Array<string>;
    /**
     * The owner role: above all others, with every permission, never changed.
     */
    isRoot: boolean;
};

export type RoleOnPath = {
    id: string;
    slug: string;
};

export type RolePage = {
    items: Array<RoleDetails>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type RoleView = {
    id: string;
    slug: string;
    name: string;
};

export type RotateApiKeyRequest = {
    /**
     * How long the secret that is replaced still counts, in seconds. 0: it is dead at once.
     */
    overlapSeconds?: number;
};

export type RotateWebhookSecretRequest = {
    /**
     * How long the secret that signed until now signs beside the new one, seconds.
     */
    overlapSeconds?: number;
};

export type RotatedSecret = {
    /**
     * Signs; shown once.
     */
    secret: string;
    /**
     * Until when the secret from before signs, too.
     */
    previousUntil: string;
};

export type SessionItem = {
    id: string;
    /**
     * Whether this is the session that asks.
     */
    current: boolean;
    aal: 'aal1' | 'aal2';
    /**
     * How it was signed in to: values of RFC 8176, and "email" for a link.
     */
    amr: Array<string>;
    tenantId: string | null;
    /**
     * What the client called itself at sign-in.
     */
    userAgent: string;
    /**
     * Where it signed in from.
     */
    address: string;
    createdAt: string;
    /**
     * When a factor was last given.
     */
    authTime: string;
    /**
     * When it ends unless it is refreshed.
     */
    idleExpiresAt: string;
    /**
     * When it ends in any case.
     */
    expiresAt: string;
};

export type SessionView = {
    id: string;
    authTime: string;
    expiresAt: string;
    amr: Array<string>;
};

export type SessionsResponse = {
    /**
     * Newest first; all of them, as their number is limited.
     */
    items: Array<SessionItem>;
    nextCursor: string | null;
};

export type SetParentsRequest = {
    /**
     * Roles that stand above it: one’s own role, or roles below that. At least one.
     */
    parentIds: Array<string>;
};

export type SetPermissionsRequest = {
    /**
     * Codes from GET /v1/permissions; those of the roles below are held in any case.
     */
    permissions: Array<string>;
};

export type StorageUsageView = {
    /**
     * Of all versions of all files, 4096 each at least; deleted and rejected ones until they are removed.
     */
    bytes: number;
    bytesAtMost: number;
};

export type SwitchTenantRequest = {
    /**
     * Id or slug of a tenant that one belongs to.
     */
    tenant: string;
};

export type TenantErasureView = {
    id: string;
    status: 'queued' | 'running' | 'done' | 'failed';
    tenantId: string;
    /**
     * As it was when this was asked for.
     */
    slug: string;
    /**
     * The operator, as whom it is done.
     */
    requestedBy: string;
    /**
     * A code: why the last try ended, if it failed.
     */
    error: string | null;
    createdAt: string;
    finishedAt: string | null;
    /**
     * JSON: what went and what stays. As text, since its SHA-256 is of the text.
     */
    certificate: string | null;
    /**
     * SHA-256 of the certificate, in hex.
     */
    sha256: string | null;
};

export type TenantExportView = {
    id: string;
    status: 'queued' | 'running' | 'done' | 'failed';
    tenantId: string;
    /**
     * As it was when this was asked for.
     */
    slug: string;
    /**
     * The operator, as whom it is done.
     */
    requestedBy: string;
    /**
     * A code: why the last try ended, if it failed.
     */
    error: string | null;
    createdAt: string;
    finishedAt: string | null;
    /**
     * Bytes of the archive.
     */
    size: number | null;
    /**
     * SHA-256 of the archive, in hex.
     */
    sha256: string | null;
    /**
     * Files whose bytes the store did not have.
     */
    missingFiles: number | null;
    /**
     * No download from then on.
     */
    expiresAt: string | null;
};

export type TenantPage = {
    items: Array<TenantSummary>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type TenantSettings = {
    /**
     * Whether every member needs a second factor.
     */
    requireAal2: boolean;
    /**
     * Null: what the installation allows.
     */
    sessionIdleMinutes: number | null;
    /**
     * Null: what the installation allows.
     */
    sessionHours: number | null;
};

export type TenantSummary = {
    id: string;
    slug: string;
    name: string;
    status: 'active' | 'suspended';
    /**
     * Slug of the role that one has there.
     */
    role: string;
};

export type TenantView = {
    id: string;
    slug: string;
    name: string;
    status: 'active' | 'suspended';
    settings: TenantSettings;
    createdAt: string;
    updatedAt: string;
};

export type TicketCommentPage = {
    items: Array<TicketCommentView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type TicketCommentView = {
    id: string;
    ticketId: string;
    body: string;
    createdAt: string;
    updatedAt: string;
};

export type TicketPage = {
    items: Array<TicketView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type TicketView = {
    id: string;
    title: string;
    body: string;
    projectId: string | null;
    createdAt: string;
    updatedAt: string;
};

export type TokenResponse = {
    /**
     * JWT (ES256, at+jwt), ten minutes at most.
     */
    accessToken: string;
    /**
     * Opaque; each use gives the next one.
     */
    refreshToken: string;
    tokenType: 'Bearer';
    /**
     * Seconds that the access token lives.
     */
    expiresIn: number;
    aal: 'aal1' | 'aal2';
    /**
     * Null: the session has no tenant yet.
     */
    tenant: TenantSummary | null;
    tenants: Array<TenantSummary>;
    /**
     * The session stands at aal1 although the person has a second factor or the tenant demands one. Go on with POST /v1/auth/mfa/verify, or enrol one.
     */
    mfaRequired: boolean;
};

export type TotpEnrolment = {
    id: string;
    /**
     * 160 bits, base32 (RFC 4648), for typing. Shown once.
     */
    secret: string;
    /**
     * The same for an app to open. Shown once.
     */
    otpauthUri: string;
    /**
     * The same as a picture: an SVG in a data: URI. Shown once.
     */
    qrCode: string;
};

export type TransferDealRequest = {
    /**
     * A member, who owns it afterwards.
     */
    ownerId: string;
};

export type TransferOwnershipRequest = {
    /**
     * A member, who becomes an owner.
     */
    userId: string;
};

export type UnlockRequest = {
    /**
     * The token of the link in the mail.
     */
    token: string;
};

export type UpdateDealRequest = {
    title?: string;
    amount?: string;
    currency?: string;
    stage?: 'lead' | 'qualified' | 'proposal' | 'won' | 'lost';
    /**
     * private: the owner. controlled: the owner and roles above the owner’s. public: everybody here with deal:read.
     */
    visibility?: 'private' | 'controlled' | 'public';
};

export type UpdateProjectRequest = {
    name?: string;
};

export type UpdateRoleRequest = {
    name?: string;
    /**
     * Lower-case letters, digits and hyphens.
     */
    slug?: string;
};

export type UpdateTenantRequest = {
    name?: string;
    /**
     * The name that people sign in to. It is one of a kind in the whole installation, and no id.
     */
    slug?: string;
    settings?: UpdateTenantSettings;
};

export type UpdateTenantSettings = {
    /**
     * Whether every member needs a second factor. It acts on whoever is signed in, at once.
     */
    requireAal2?: boolean;
    /**
     * Minutes without a refresh after which a session ends. Null: what the installation allows.
     */
    sessionIdleMinutes?: number | null;
    /**
     * Hours after which a session ends in any case. Null: what the installation allows.
     */
    sessionHours?: number | null;
};

export type UpdateTicketCommentRequest = {
    body?: string;
};

export type UpdateTicketRequest = {
    title?: string;
    body?: string;
    projectId?: string | null;
};

export type UpdateWebhookRequest = {
    /**
     * https, of a host with a public address; no user name, password or fragment.
     */
    url?: string;
    /**
     * At least one, of GET /v1/webhooks/event-types.
     */
    events?: Array<string>;
    description?: string;
    /**
     * active forgets that it failed.
     */
    status?: 'active' | 'disabled';
};

export type UploadedPart = {
    number: number;
    /**
     * The ETag that its upload was answered with.
     */
    etag: string;
};

export type UserView = {
    id: string;
    email: string;
    fullName: string;
};

export type VerifyFactorRequest = {
    /**
     * Which app the code is from; absent: any of one’s own.
     */
    factorId?: string;
    /**
     * The six digits that the app shows.
     */
    code?: string;
    /**
     * One of the recovery codes, instead of a code.
     */
    recoveryCode?: string;
};

export type VerifyMagicLinkRequest = {
    /**
     * The token of the link in the mail.
     */
    token: string;
    /**
     * The verifier, where a challenge was given, and only there.
     */
    codeVerifier?: string;
};

export type VerifyPasskeyRequest = {
    credential: AssertionCredential;
};

export type VersionPage = {
    items: Array<VersionView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type VersionRequest = {
    /**
     * Type and subtype, in lower case.
     */
    contentType: string;
    /**
     * Bytes.
     */
    size: number;
    /**
     * SHA-256 of the whole.
     */
    sha256: string;
    /**
     * To upload in parts, so many at most: each has 5 MiB or more, but the last.
     */
    parts?: number;
};

export type VersionView = {
    version: number;
    contentType: string;
    /**
     * Bytes.
     */
    size: number;
    /**
     * SHA-256, hexadecimal.
     */
    sha256: string;
    /**
     * pending: to be uploaded and completed. quarantined: waits for the antivirus scanner. ready: there. lost: its bytes are gone.
     */
    status: 'pending' | 'quarantined' | 'ready' | 'lost';
    createdBy: string;
    createdAt: string;
    completedAt: string | null;
};

export type Viewer = {
    userId: string;
    fullName: string;
    because: 'owner' | 'owner_role_below' | 'public' | 'rule';
    /**
     * From the member’s role down to the owner’s.
     */
    roles?: Array<RoleOnPath>;
};

export type ViewerPage = {
    items: Array<Viewer>;
    /**
     * Null: this is the last page. A page may hold fewer than asked for, or none, and not be the last.
     */
    nextCursor: string | null;
};

export type WebhookPage = {
    items: Array<WebhookView>;
    /**
     * Null: this is the last page.
     */
    nextCursor: string | null;
};

export type WebhookPayload = {
    type: string;
    /**
     * When it was done.
     */
    timestamp: string;
    data: WebhookPayloadData;
};

export type WebhookPayloadData = {
    tenantId: string;
    targetType: string | null;
    targetId: string | null;
    actorId: string | null;
    actorType: string;
    /**
     * X-Request-Id of what was done.
     */
    requestId: string | null;
};

export type WebhookView = {
    id: string;
    url: string;
    events: Array<string>;
    description: string;
    status: 'active' | 'disabled';
    /**
     * gone: it answered 410. failing: nothing arrived there for three days. backlog: it did not keep up.
     */
    disabledReason: 'by_hand' | 'gone' | 'failing' | 'backlog' | null;
    /**
     * Since the first failure that no success followed.
     */
    failingSince: string | null;
    /**
     * Who made it.
     */
    createdBy: string;
    createdAt: string;
    updatedAt: string;
};

export type WholeUpload = {
    method: 'PUT';
    url: string;
    /**
     * To be sent as they are.
     */
    headers: {
        [key: string]: string;
    };
    expiresAt: string;
};

export type LoginData = {
    body: LoginRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/login';
};

export type LoginErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type LoginError = LoginErrors[keyof LoginErrors];

export type LoginResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type LoginResponse = LoginResponses[keyof LoginResponses];

export type RefreshData = {
    body: RefreshRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/refresh';
};

export type RefreshErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RefreshError = RefreshErrors[keyof RefreshErrors];

export type RefreshResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type RefreshResponse = RefreshResponses[keyof RefreshResponses];

export type LogoutData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/logout';
};

export type LogoutErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type LogoutError = LogoutErrors[keyof LogoutErrors];

export type LogoutResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type LogoutResponse = LogoutResponses[keyof LogoutResponses];

export type GetMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/auth/me';
};

export type GetMeErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetMeError = GetMeErrors[keyof GetMeErrors];

export type GetMeResponses = {
    /**
     * Done, with what was asked for.
     */
    200: MeResponse;
};

export type GetMeResponse = GetMeResponses[keyof GetMeResponses];

export type SwitchTenantData = {
    body: SwitchTenantRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/switch-tenant';
};

export type SwitchTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type SwitchTenantError = SwitchTenantErrors[keyof SwitchTenantErrors];

export type SwitchTenantResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type SwitchTenantResponse = SwitchTenantResponses[keyof SwitchTenantResponses];

export type RequestMagicLinkData = {
    body: MagicLinkRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/magic-link';
};

export type RequestMagicLinkErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RequestMagicLinkError = RequestMagicLinkErrors[keyof RequestMagicLinkErrors];

export type RequestMagicLinkResponses = {
    /**
     * Taken up, to be done later.
     */
    202: unknown;
};

export type VerifyMagicLinkData = {
    body: VerifyMagicLinkRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/magic-link/verify';
};

export type VerifyMagicLinkErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type VerifyMagicLinkError = VerifyMagicLinkErrors[keyof VerifyMagicLinkErrors];

export type VerifyMagicLinkResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type VerifyMagicLinkResponse = VerifyMagicLinkResponses[keyof VerifyMagicLinkResponses];

export type ForgotPasswordData = {
    body: ForgotPasswordRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/password/forgot';
};

export type ForgotPasswordErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ForgotPasswordError = ForgotPasswordErrors[keyof ForgotPasswordErrors];

export type ForgotPasswordResponses = {
    /**
     * Taken up, to be done later.
     */
    202: unknown;
};

export type ResetPasswordData = {
    body: ResetPasswordRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/password/reset';
};

export type ResetPasswordErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ResetPasswordError = ResetPasswordErrors[keyof ResetPasswordErrors];

export type ResetPasswordResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type ResetPasswordResponse = ResetPasswordResponses[keyof ResetPasswordResponses];

export type ChangePasswordData = {
    body: ChangePasswordRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/password/change';
};

export type ChangePasswordErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ChangePasswordError = ChangePasswordErrors[keyof ChangePasswordErrors];

export type ChangePasswordResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type ChangePasswordResponse = ChangePasswordResponses[keyof ChangePasswordResponses];

export type UnlockAccountData = {
    body: UnlockRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/unlock';
};

export type UnlockAccountErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UnlockAccountError = UnlockAccountErrors[keyof UnlockAccountErrors];

export type UnlockAccountResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type UnlockAccountResponse = UnlockAccountResponses[keyof UnlockAccountResponses];

export type EndSessionsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Whether this very session stays.
         */
        keepCurrent?: 'true' | 'false';
    };
    url: '/v1/auth/sessions';
};

export type EndSessionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type EndSessionsError = EndSessionsErrors[keyof EndSessionsErrors];

export type EndSessionsResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type EndSessionsResponse = EndSessionsResponses[keyof EndSessionsResponses];

export type ListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/auth/sessions';
};

export type ListSessionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListSessionsError = ListSessionsErrors[keyof ListSessionsErrors];

export type ListSessionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: SessionsResponse;
};

export type ListSessionsResponse = ListSessionsResponses[keyof ListSessionsResponses];

export type EndSessionData = {
    body?: never;
    path: {
        /**
         * One of one’s own sessions.
         */
        id: string;
    };
    query?: never;
    url: '/v1/auth/sessions/{id}';
};

export type EndSessionErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type EndSessionError = EndSessionErrors[keyof EndSessionErrors];

export type EndSessionResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type EndSessionResponse = EndSessionResponses[keyof EndSessionResponses];

export type CreatePasskeyLoginOptionsData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/passkeys/options';
};

export type CreatePasskeyLoginOptionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreatePasskeyLoginOptionsError = CreatePasskeyLoginOptionsErrors[keyof CreatePasskeyLoginOptionsErrors];

export type CreatePasskeyLoginOptionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuthenticationOptionsResponse;
};

export type CreatePasskeyLoginOptionsResponse = CreatePasskeyLoginOptionsResponses[keyof CreatePasskeyLoginOptionsResponses];

export type LoginWithPasskeyData = {
    body: PasskeyLoginRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/passkeys/login';
};

export type LoginWithPasskeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type LoginWithPasskeyError = LoginWithPasskeyErrors[keyof LoginWithPasskeyErrors];

export type LoginWithPasskeyResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type LoginWithPasskeyResponse = LoginWithPasskeyResponses[keyof LoginWithPasskeyResponses];

export type ListFactorsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/factors';
};

export type ListFactorsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListFactorsError = ListFactorsErrors[keyof ListFactorsErrors];

export type ListFactorsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: FactorsResponse;
};

export type ListFactorsResponse = ListFactorsResponses[keyof ListFactorsResponses];

export type RemoveFactorData = {
    body?: never;
    path: {
        /**
         * One of one’s own factors.
         */
        id: string;
    };
    query?: never;
    url: '/v1/auth/mfa/factors/{id}';
};

export type RemoveFactorErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RemoveFactorError = RemoveFactorErrors[keyof RemoveFactorErrors];

export type RemoveFactorResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type RemoveFactorResponse = RemoveFactorResponses[keyof RemoveFactorResponses];

export type RenameFactorData = {
    body: RenameFactorRequest;
    path: {
        /**
         * One of one’s own factors.
         */
        id: string;
    };
    query?: never;
    url: '/v1/auth/mfa/factors/{id}';
};

export type RenameFactorErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RenameFactorError = RenameFactorErrors[keyof RenameFactorErrors];

export type RenameFactorResponses = {
    /**
     * Done, with what was asked for.
     */
    200: FactorItem;
};

export type RenameFactorResponse = RenameFactorResponses[keyof RenameFactorResponses];

export type RenewRecoveryCodesData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/recovery-codes';
};

export type RenewRecoveryCodesErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RenewRecoveryCodesError = RenewRecoveryCodesErrors[keyof RenewRecoveryCodesErrors];

export type RenewRecoveryCodesResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RecoveryCodesResponse;
};

export type RenewRecoveryCodesResponse = RenewRecoveryCodesResponses[keyof RenewRecoveryCodesResponses];

export type EnrolTotpData = {
    body: EnrolTotpRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/totp';
};

export type EnrolTotpErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type EnrolTotpError = EnrolTotpErrors[keyof EnrolTotpErrors];

export type EnrolTotpResponses = {
    /**
     * Made.
     */
    201: TotpEnrolment;
};

export type EnrolTotpResponse = EnrolTotpResponses[keyof EnrolTotpResponses];

export type ActivateTotpData = {
    body: ActivateTotpRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * One of one’s own factors.
         */
        id: string;
    };
    query?: never;
    url: '/v1/auth/mfa/totp/{id}/activate';
};

export type ActivateTotpErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ActivateTotpError = ActivateTotpErrors[keyof ActivateTotpErrors];

export type ActivateTotpResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RecoveryCodesResponse;
};

export type ActivateTotpResponse = ActivateTotpResponses[keyof ActivateTotpResponses];

export type VerifyFactorData = {
    body: VerifyFactorRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/verify';
};

export type VerifyFactorErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type VerifyFactorError = VerifyFactorErrors[keyof VerifyFactorErrors];

export type VerifyFactorResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type VerifyFactorResponse = VerifyFactorResponses[keyof VerifyFactorResponses];

export type CreatePasskeyRegistrationOptionsData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/webauthn/registration-options';
};

export type CreatePasskeyRegistrationOptionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreatePasskeyRegistrationOptionsError = CreatePasskeyRegistrationOptionsErrors[keyof CreatePasskeyRegistrationOptionsErrors];

export type CreatePasskeyRegistrationOptionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RegistrationOptionsResponse;
};

export type CreatePasskeyRegistrationOptionsResponse = CreatePasskeyRegistrationOptionsResponses[keyof CreatePasskeyRegistrationOptionsResponses];

export type RegisterPasskeyData = {
    body: RegisterPasskeyRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/webauthn';
};

export type RegisterPasskeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RegisterPasskeyError = RegisterPasskeyErrors[keyof RegisterPasskeyErrors];

export type RegisterPasskeyResponses = {
    /**
     * Made.
     */
    201: PasskeyRegisteredResponse;
};

export type RegisterPasskeyResponse = RegisterPasskeyResponses[keyof RegisterPasskeyResponses];

export type CreatePasskeyAuthenticationOptionsData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/webauthn/authentication-options';
};

export type CreatePasskeyAuthenticationOptionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreatePasskeyAuthenticationOptionsError = CreatePasskeyAuthenticationOptionsErrors[keyof CreatePasskeyAuthenticationOptionsErrors];

export type CreatePasskeyAuthenticationOptionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuthenticationOptionsResponse;
};

export type CreatePasskeyAuthenticationOptionsResponse = CreatePasskeyAuthenticationOptionsResponses[keyof CreatePasskeyAuthenticationOptionsResponses];

export type VerifyPasskeyData = {
    body: VerifyPasskeyRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/auth/mfa/webauthn/verify';
};

export type VerifyPasskeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type VerifyPasskeyError = VerifyPasskeyErrors[keyof VerifyPasskeyErrors];

export type VerifyPasskeyResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type VerifyPasskeyResponse = VerifyPasskeyResponses[keyof VerifyPasskeyResponses];

export type ListApiKeysData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/api-keys';
};

export type ListApiKeysErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListApiKeysError = ListApiKeysErrors[keyof ListApiKeysErrors];

export type ListApiKeysResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ApiKeyPage;
};

export type ListApiKeysResponse = ListApiKeysResponses[keyof ListApiKeysResponses];

export type CreateApiKeyData = {
    body: CreateApiKeyRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/api-keys';
};

export type CreateApiKeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateApiKeyError = CreateApiKeyErrors[keyof CreateApiKeyErrors];

export type CreateApiKeyResponses = {
    /**
     * Made.
     */
    201: NewApiKeyView;
};

export type CreateApiKeyResponse = CreateApiKeyResponses[keyof CreateApiKeyResponses];

export type RevokeApiKeyData = {
    body?: never;
    headers?: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match'?: string;
    };
    path: {
        /**
         * The key.
         */
        id: string;
    };
    query?: never;
    url: '/v1/api-keys/{id}';
};

export type RevokeApiKeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RevokeApiKeyError = RevokeApiKeyErrors[keyof RevokeApiKeyErrors];

export type RevokeApiKeyResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type RevokeApiKeyResponse = RevokeApiKeyResponses[keyof RevokeApiKeyResponses];

export type GetApiKeyData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The key.
         */
        id: string;
    };
    query?: never;
    url: '/v1/api-keys/{id}';
};

export type GetApiKeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetApiKeyError = GetApiKeyErrors[keyof GetApiKeyErrors];

export type GetApiKeyResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ApiKeyView;
};

export type GetApiKeyResponse = GetApiKeyResponses[keyof GetApiKeyResponses];

export type RotateApiKeyData = {
    body?: RotateApiKeyRequest;
    headers?: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match'?: string;
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The key.
         */
        id: string;
    };
    query?: never;
    url: '/v1/api-keys/{id}/rotate';
};

export type RotateApiKeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RotateApiKeyError = RotateApiKeyErrors[keyof RotateApiKeyErrors];

export type RotateApiKeyResponses = {
    /**
     * Done, with what was asked for.
     */
    200: NewApiKeyView;
};

export type RotateApiKeyResponse = RotateApiKeyResponses[keyof RotateApiKeyResponses];

export type ConfirmApiKeyData = {
    body?: never;
    headers?: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match'?: string;
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The key.
         */
        id: string;
    };
    query?: never;
    url: '/v1/api-keys/{id}/confirm';
};

export type ConfirmApiKeyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ConfirmApiKeyError = ConfirmApiKeyErrors[keyof ConfirmApiKeyErrors];

export type ConfirmApiKeyResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ApiKeyView;
};

export type ConfirmApiKeyResponse = ConfirmApiKeyResponses[keyof ConfirmApiKeyResponses];

export type ListTenantsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/tenants';
};

export type ListTenantsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListTenantsError = ListTenantsErrors[keyof ListTenantsErrors];

export type ListTenantsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TenantPage;
};

export type ListTenantsResponse = ListTenantsResponses[keyof ListTenantsResponses];

export type GetCurrentTenantData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/tenants/current';
};

export type GetCurrentTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetCurrentTenantError = GetCurrentTenantErrors[keyof GetCurrentTenantErrors];

export type GetCurrentTenantResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TenantView;
};

export type GetCurrentTenantResponse = GetCurrentTenantResponses[keyof GetCurrentTenantResponses];

export type UpdateCurrentTenantData = {
    body: UpdateTenantRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path?: never;
    query?: never;
    url: '/v1/tenants/current';
};

export type UpdateCurrentTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateCurrentTenantError = UpdateCurrentTenantErrors[keyof UpdateCurrentTenantErrors];

export type UpdateCurrentTenantResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TenantView;
};

export type UpdateCurrentTenantResponse = UpdateCurrentTenantResponses[keyof UpdateCurrentTenantResponses];

export type EndMemberSessionsData = {
    body?: never;
    path: {
        /**
         * The person who is a member here.
         */
        userId: string;
    };
    query?: never;
    url: '/v1/members/{userId}/sessions';
};

export type EndMemberSessionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type EndMemberSessionsError = EndMemberSessionsErrors[keyof EndMemberSessionsErrors];

export type EndMemberSessionsResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type EndMemberSessionsResponse = EndMemberSessionsResponses[keyof EndMemberSessionsResponses];

export type RemoveMemberData = {
    body?: never;
    path: {
        /**
         * The person who is a member here.
         */
        userId: string;
    };
    query?: {
        /**
         * A member, who gets every record that the one who goes owns. Without an heir nobody goes who owns any.
         */
        heirId?: string;
    };
    url: '/v1/members/{userId}';
};

export type RemoveMemberErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RemoveMemberError = RemoveMemberErrors[keyof RemoveMemberErrors];

export type RemoveMemberResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type RemoveMemberResponse = RemoveMemberResponses[keyof RemoveMemberResponses];

export type AssignRoleData = {
    body: AssignRoleRequest;
    path: {
        /**
         * The person who is a member here.
         */
        userId: string;
    };
    query?: never;
    url: '/v1/members/{userId}';
};

export type AssignRoleErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type AssignRoleError = AssignRoleErrors[keyof AssignRoleErrors];

export type AssignRoleResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type AssignRoleResponse = AssignRoleResponses[keyof AssignRoleResponses];

export type TransferOwnershipData = {
    body: TransferOwnershipRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/tenants/current/transfer-ownership';
};

export type TransferOwnershipErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type TransferOwnershipError = TransferOwnershipErrors[keyof TransferOwnershipErrors];

export type TransferOwnershipResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type TransferOwnershipResponse = TransferOwnershipResponses[keyof TransferOwnershipResponses];

export type ListMembersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only who has this role.
         */
        roleId?: string;
    };
    url: '/v1/members';
};

export type ListMembersErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListMembersError = ListMembersErrors[keyof ListMembersErrors];

export type ListMembersResponses = {
    /**
     * Done, with what was asked for.
     */
    200: MemberPage;
};

export type ListMembersResponse = ListMembersResponses[keyof ListMembersResponses];

export type LeaveTenantData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * A member, who gets every record that the one who goes owns. Without an heir nobody goes who owns any.
         */
        heirId?: string;
    };
    url: '/v1/members/me';
};

export type LeaveTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type LeaveTenantError = LeaveTenantErrors[keyof LeaveTenantErrors];

export type LeaveTenantResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type LeaveTenantResponse = LeaveTenantResponses[keyof LeaveTenantResponses];

export type PreviewInvitationData = {
    body: PreviewInvitationRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/invitations/preview';
};

export type PreviewInvitationErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type PreviewInvitationError = PreviewInvitationErrors[keyof PreviewInvitationErrors];

export type PreviewInvitationResponses = {
    /**
     * Done, with what was asked for.
     */
    200: InvitationPreview;
};

export type PreviewInvitationResponse = PreviewInvitationResponses[keyof PreviewInvitationResponses];

export type AcceptInvitationData = {
    body: AcceptInvitationRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/invitations/accept';
};

export type AcceptInvitationErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type AcceptInvitationError = AcceptInvitationErrors[keyof AcceptInvitationErrors];

export type AcceptInvitationResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TokenResponse;
};

export type AcceptInvitationResponse = AcceptInvitationResponses[keyof AcceptInvitationResponses];

export type ListInvitationsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/invitations';
};

export type ListInvitationsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListInvitationsError = ListInvitationsErrors[keyof ListInvitationsErrors];

export type ListInvitationsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: InvitationPage;
};

export type ListInvitationsResponse = ListInvitationsResponses[keyof ListInvitationsResponses];

export type CreateInvitationData = {
    body: CreateInvitationRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/invitations';
};

export type CreateInvitationErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateInvitationError = CreateInvitationErrors[keyof CreateInvitationErrors];

export type CreateInvitationResponses = {
    /**
     * Made.
     */
    201: InvitationView;
};

export type CreateInvitationResponse = CreateInvitationResponses[keyof CreateInvitationResponses];

export type ResendInvitationData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The invitation.
         */
        id: string;
    };
    query?: never;
    url: '/v1/invitations/{id}/resend';
};

export type ResendInvitationErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ResendInvitationError = ResendInvitationErrors[keyof ResendInvitationErrors];

export type ResendInvitationResponses = {
    /**
     * Done, with what was asked for.
     */
    200: InvitationView;
};

export type ResendInvitationResponse = ResendInvitationResponses[keyof ResendInvitationResponses];

export type RevokeInvitationData = {
    body?: never;
    path: {
        /**
         * The invitation.
         */
        id: string;
    };
    query?: never;
    url: '/v1/invitations/{id}';
};

export type RevokeInvitationErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RevokeInvitationError = RevokeInvitationErrors[keyof RevokeInvitationErrors];

export type RevokeInvitationResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type RevokeInvitationResponse = RevokeInvitationResponses[keyof RevokeInvitationResponses];

export type ListRolesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/roles';
};

export type ListRolesErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListRolesError = ListRolesErrors[keyof ListRolesErrors];

export type ListRolesResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RolePage;
};

export type ListRolesResponse = ListRolesResponses[keyof ListRolesResponses];

export type CreateRoleData = {
    body: CreateRoleRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/roles';
};

export type CreateRoleErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateRoleError = CreateRoleErrors[keyof CreateRoleErrors];

export type CreateRoleResponses = {
    /**
     * Made.
     */
    201: RoleDetails;
};

export type CreateRoleResponse = CreateRoleResponses[keyof CreateRoleResponses];

export type DeleteRoleData = {
    body?: never;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The role.
         */
        id: string;
    };
    query?: never;
    url: '/v1/roles/{id}';
};

export type DeleteRoleErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteRoleError = DeleteRoleErrors[keyof DeleteRoleErrors];

export type DeleteRoleResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteRoleResponse = DeleteRoleResponses[keyof DeleteRoleResponses];

export type GetRoleData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The role.
         */
        id: string;
    };
    query?: never;
    url: '/v1/roles/{id}';
};

export type GetRoleErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetRoleError = GetRoleErrors[keyof GetRoleErrors];

export type GetRoleResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RoleDetails;
};

export type GetRoleResponse = GetRoleResponses[keyof GetRoleResponses];

export type UpdateRoleData = {
    body: UpdateRoleRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The role.
         */
        id: string;
    };
    query?: never;
    url: '/v1/roles/{id}';
};

export type UpdateRoleErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateRoleError = UpdateRoleErrors[keyof UpdateRoleErrors];

export type UpdateRoleResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RoleDetails;
};

export type UpdateRoleResponse = UpdateRoleResponses[keyof UpdateRoleResponses];

export type SetRolePermissionsData = {
    body: SetPermissionsRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The role.
         */
        id: string;
    };
    query?: never;
    url: '/v1/roles/{id}/permissions';
};

export type SetRolePermissionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type SetRolePermissionsError = SetRolePermissionsErrors[keyof SetRolePermissionsErrors];

export type SetRolePermissionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RoleDetails;
};

export type SetRolePermissionsResponse = SetRolePermissionsResponses[keyof SetRolePermissionsResponses];

export type SetRoleParentsData = {
    body: SetParentsRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The role.
         */
        id: string;
    };
    query?: never;
    url: '/v1/roles/{id}/parents';
};

export type SetRoleParentsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type SetRoleParentsError = SetRoleParentsErrors[keyof SetRoleParentsErrors];

export type SetRoleParentsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RoleDetails;
};

export type SetRoleParentsResponse = SetRoleParentsResponses[keyof SetRoleParentsResponses];

export type ListPermissionsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/permissions';
};

export type ListPermissionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListPermissionsError = ListPermissionsErrors[keyof ListPermissionsErrors];

export type ListPermissionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: PermissionsResponse;
};

export type ListPermissionsResponse = ListPermissionsResponses[keyof ListPermissionsResponses];

export type ExplainAccessData = {
    body: ExplainRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/access/explain';
};

export type ExplainAccessErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ExplainAccessError = ExplainAccessErrors[keyof ExplainAccessErrors];

export type ExplainAccessResponses = {
    /**
     * Done, with what was asked for.
     */
    200: Explanation;
};

export type ExplainAccessResponse = ExplainAccessResponses[keyof ExplainAccessResponses];

export type ListViewersData = {
    body?: never;
    path?: never;
    query: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * As in the permission codes.
         */
        resourceType: string;
        /**
         * The record.
         */
        resourceId: string;
    };
    url: '/v1/access/viewers';
};

export type ListViewersErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListViewersError = ListViewersErrors[keyof ListViewersErrors];

export type ListViewersResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ViewerPage;
};

export type ListViewersResponse = ListViewersResponses[keyof ListViewersResponses];

export type ListDealsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only those at this stage.
         */
        stage?: 'lead' | 'qualified' | 'proposal' | 'won' | 'lost';
        /**
         * Only those of this owner.
         */
        ownerId?: string;
    };
    url: '/v1/deals';
};

export type ListDealsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListDealsError = ListDealsErrors[keyof ListDealsErrors];

export type ListDealsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: DealPage;
};

export type ListDealsResponse = ListDealsResponses[keyof ListDealsResponses];

export type CreateDealData = {
    body: CreateDealRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/deals';
};

export type CreateDealErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateDealError = CreateDealErrors[keyof CreateDealErrors];

export type CreateDealResponses = {
    /**
     * Made.
     */
    201: DealView;
};

export type CreateDealResponse = CreateDealResponses[keyof CreateDealResponses];

export type DeleteDealData = {
    body?: never;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The deal.
         */
        id: string;
    };
    query?: never;
    url: '/v1/deals/{id}';
};

export type DeleteDealErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteDealError = DeleteDealErrors[keyof DeleteDealErrors];

export type DeleteDealResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteDealResponse = DeleteDealResponses[keyof DeleteDealResponses];

export type GetDealData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The deal.
         */
        id: string;
    };
    query?: never;
    url: '/v1/deals/{id}';
};

export type GetDealErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetDealError = GetDealErrors[keyof GetDealErrors];

export type GetDealResponses = {
    /**
     * Done, with what was asked for.
     */
    200: DealView;
};

export type GetDealResponse = GetDealResponses[keyof GetDealResponses];

export type UpdateDealData = {
    body: UpdateDealRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The deal.
         */
        id: string;
    };
    query?: never;
    url: '/v1/deals/{id}';
};

export type UpdateDealErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateDealError = UpdateDealErrors[keyof UpdateDealErrors];

export type UpdateDealResponses = {
    /**
     * Done, with what was asked for.
     */
    200: DealView;
};

export type UpdateDealResponse = UpdateDealResponses[keyof UpdateDealResponses];

export type TransferDealData = {
    body: TransferDealRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The deal.
         */
        id: string;
    };
    query?: never;
    url: '/v1/deals/{id}/transfer';
};

export type TransferDealErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type TransferDealError = TransferDealErrors[keyof TransferDealErrors];

export type TransferDealResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type TransferDealResponse = TransferDealResponses[keyof TransferDealResponses];

export type ListProjectsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/projects';
};

export type ListProjectsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListProjectsError = ListProjectsErrors[keyof ListProjectsErrors];

export type ListProjectsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ProjectPage;
};

export type ListProjectsResponse = ListProjectsResponses[keyof ListProjectsResponses];

export type CreateProjectData = {
    body: CreateProjectRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/projects';
};

export type CreateProjectErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateProjectError = CreateProjectErrors[keyof CreateProjectErrors];

export type CreateProjectResponses = {
    /**
     * Made.
     */
    201: ProjectView;
};

export type CreateProjectResponse = CreateProjectResponses[keyof CreateProjectResponses];

export type DeleteProjectData = {
    body?: never;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The project.
         */
        id: string;
    };
    query?: never;
    url: '/v1/projects/{id}';
};

export type DeleteProjectErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteProjectError = DeleteProjectErrors[keyof DeleteProjectErrors];

export type DeleteProjectResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteProjectResponse = DeleteProjectResponses[keyof DeleteProjectResponses];

export type GetProjectData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The project.
         */
        id: string;
    };
    query?: never;
    url: '/v1/projects/{id}';
};

export type GetProjectErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetProjectError = GetProjectErrors[keyof GetProjectErrors];

export type GetProjectResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ProjectView;
};

export type GetProjectResponse = GetProjectResponses[keyof GetProjectResponses];

export type UpdateProjectData = {
    body: UpdateProjectRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The project.
         */
        id: string;
    };
    query?: never;
    url: '/v1/projects/{id}';
};

export type UpdateProjectErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateProjectError = UpdateProjectErrors[keyof UpdateProjectErrors];

export type UpdateProjectResponses = {
    /**
     * Done, with what was asked for.
     */
    200: ProjectView;
};

export type UpdateProjectResponse = UpdateProjectResponses[keyof UpdateProjectResponses];

export type ListTicketsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only those of this project.
         */
        projectId?: string;
    };
    url: '/v1/tickets';
};

export type ListTicketsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListTicketsError = ListTicketsErrors[keyof ListTicketsErrors];

export type ListTicketsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TicketPage;
};

export type ListTicketsResponse = ListTicketsResponses[keyof ListTicketsResponses];

export type CreateTicketData = {
    body: CreateTicketRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/tickets';
};

export type CreateTicketErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateTicketError = CreateTicketErrors[keyof CreateTicketErrors];

export type CreateTicketResponses = {
    /**
     * Made.
     */
    201: TicketView;
};

export type CreateTicketResponse = CreateTicketResponses[keyof CreateTicketResponses];

export type DeleteTicketData = {
    body?: never;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The ticket.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tickets/{id}';
};

export type DeleteTicketErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteTicketError = DeleteTicketErrors[keyof DeleteTicketErrors];

export type DeleteTicketResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteTicketResponse = DeleteTicketResponses[keyof DeleteTicketResponses];

export type GetTicketData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The ticket.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tickets/{id}';
};

export type GetTicketErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetTicketError = GetTicketErrors[keyof GetTicketErrors];

export type GetTicketResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TicketView;
};

export type GetTicketResponse = GetTicketResponses[keyof GetTicketResponses];

export type UpdateTicketData = {
    body: UpdateTicketRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The ticket.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tickets/{id}';
};

export type UpdateTicketErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateTicketError = UpdateTicketErrors[keyof UpdateTicketErrors];

export type UpdateTicketResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TicketView;
};

export type UpdateTicketResponse = UpdateTicketResponses[keyof UpdateTicketResponses];

export type ListTicketCommentsData = {
    body?: never;
    path: {
        /**
         * The ticket that they belong to.
         */
        ticketId: string;
    };
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/tickets/{ticketId}/comments';
};

export type ListTicketCommentsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListTicketCommentsError = ListTicketCommentsErrors[keyof ListTicketCommentsErrors];

export type ListTicketCommentsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TicketCommentPage;
};

export type ListTicketCommentsResponse = ListTicketCommentsResponses[keyof ListTicketCommentsResponses];

export type CreateTicketCommentData = {
    body: CreateTicketCommentRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The ticket that they belong to.
         */
        ticketId: string;
    };
    query?: never;
    url: '/v1/tickets/{ticketId}/comments';
};

export type CreateTicketCommentErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateTicketCommentError = CreateTicketCommentErrors[keyof CreateTicketCommentErrors];

export type CreateTicketCommentResponses = {
    /**
     * Made.
     */
    201: TicketCommentView;
};

export type CreateTicketCommentResponse = CreateTicketCommentResponses[keyof CreateTicketCommentResponses];

export type DeleteTicketCommentData = {
    body?: never;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The ticket that they belong to.
         */
        ticketId: string;
        /**
         * The ticket comment.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tickets/{ticketId}/comments/{id}';
};

export type DeleteTicketCommentErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteTicketCommentError = DeleteTicketCommentErrors[keyof DeleteTicketCommentErrors];

export type DeleteTicketCommentResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteTicketCommentResponse = DeleteTicketCommentResponses[keyof DeleteTicketCommentResponses];

export type GetTicketCommentData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The ticket that they belong to.
         */
        ticketId: string;
        /**
         * The ticket comment.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tickets/{ticketId}/comments/{id}';
};

export type GetTicketCommentErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetTicketCommentError = GetTicketCommentErrors[keyof GetTicketCommentErrors];

export type GetTicketCommentResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TicketCommentView;
};

export type GetTicketCommentResponse = GetTicketCommentResponses[keyof GetTicketCommentResponses];

export type UpdateTicketCommentData = {
    body: UpdateTicketCommentRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The ticket that they belong to.
         */
        ticketId: string;
        /**
         * The ticket comment.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tickets/{ticketId}/comments/{id}';
};

export type UpdateTicketCommentErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateTicketCommentError = UpdateTicketCommentErrors[keyof UpdateTicketCommentErrors];

export type UpdateTicketCommentResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TicketCommentView;
};

export type UpdateTicketCommentResponse = UpdateTicketCommentResponses[keyof UpdateTicketCommentResponses];

export type ListFilesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only of this record; with resourceId.
         */
        resourceType?: string;
        /**
         * Only of this record; with resourceType.
         */
        resourceId?: string;
    };
    url: '/v1/files';
};

export type ListFilesErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListFilesError = ListFilesErrors[keyof ListFilesErrors];

export type ListFilesResponses = {
    /**
     * Done, with what was asked for.
     */
    200: FilePage;
};

export type ListFilesResponse = ListFilesResponses[keyof ListFilesResponses];

export type CreateFileData = {
    body: CreateFileRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/files';
};

export type CreateFileErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateFileError = CreateFileErrors[keyof CreateFileErrors];

export type CreateFileResponses = {
    /**
     * Made.
     */
    201: AnnouncedFile;
};

export type CreateFileResponse = CreateFileResponses[keyof CreateFileResponses];

export type GetStorageUsageData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/files/usage';
};

export type GetStorageUsageErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetStorageUsageError = GetStorageUsageErrors[keyof GetStorageUsageErrors];

export type GetStorageUsageResponses = {
    /**
     * Done, with what was asked for.
     */
    200: StorageUsageView;
};

export type GetStorageUsageResponse = GetStorageUsageResponses[keyof GetStorageUsageResponses];

export type DeleteFileData = {
    body?: never;
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: never;
    url: '/v1/files/{id}';
};

export type DeleteFileErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteFileError = DeleteFileErrors[keyof DeleteFileErrors];

export type DeleteFileResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteFileResponse = DeleteFileResponses[keyof DeleteFileResponses];

export type GetFileData = {
    body?: never;
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: never;
    url: '/v1/files/{id}';
};

export type GetFileErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetFileError = GetFileErrors[keyof GetFileErrors];

export type GetFileResponses = {
    /**
     * Done, with what was asked for.
     */
    200: FileView;
};

export type GetFileResponse = GetFileResponses[keyof GetFileResponses];

export type ListFileVersionsData = {
    body?: never;
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/files/{id}/versions';
};

export type ListFileVersionsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListFileVersionsError = ListFileVersionsErrors[keyof ListFileVersionsErrors];

export type ListFileVersionsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: VersionPage;
};

export type ListFileVersionsResponse = ListFileVersionsResponses[keyof ListFileVersionsResponses];

export type AddFileVersionData = {
    body: VersionRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: never;
    url: '/v1/files/{id}/versions';
};

export type AddFileVersionErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type AddFileVersionError = AddFileVersionErrors[keyof AddFileVersionErrors];

export type AddFileVersionResponses = {
    /**
     * Made.
     */
    201: AnnouncedFile;
};

export type AddFileVersionResponse = AddFileVersionResponses[keyof AddFileVersionResponses];

export type DownloadFileData = {
    body?: never;
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: {
        /**
         * Default: the latest that is ready.
         */
        version?: number;
        /**
         * Shown by the browser instead of saved, where the type is safe to show: PDF, and pictures of a few types.
         */
        inline?: 'true' | 'false';
    };
    url: '/v1/files/{id}/download';
};

export type DownloadFileErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * It was here, and is lost.
     */
    410: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DownloadFileError = DownloadFileErrors[keyof DownloadFileErrors];

export type RestoreFileData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: never;
    url: '/v1/files/{id}/restore';
};

export type RestoreFileErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RestoreFileError = RestoreFileErrors[keyof RestoreFileErrors];

export type RestoreFileResponses = {
    /**
     * Done, with what was asked for.
     */
    200: FileView;
};

export type RestoreFileResponse = RestoreFileResponses[keyof RestoreFileResponses];

export type CompleteFileData = {
    body?: CompleteFileRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The file.
         */
        id: string;
    };
    query?: never;
    url: '/v1/files/{id}/complete';
};

export type CompleteFileErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CompleteFileError = CompleteFileErrors[keyof CompleteFileErrors];

export type CompleteFileResponses = {
    /**
     * Done, with what was asked for.
     */
    200: FileView;
};

export type CompleteFileResponse = CompleteFileResponses[keyof CompleteFileResponses];

export type ListWebhooksData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/webhooks';
};

export type ListWebhooksErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListWebhooksError = ListWebhooksErrors[keyof ListWebhooksErrors];

export type ListWebhooksResponses = {
    /**
     * Done, with what was asked for.
     */
    200: WebhookPage;
};

export type ListWebhooksResponse = ListWebhooksResponses[keyof ListWebhooksResponses];

export type CreateWebhookData = {
    body: CreateWebhookRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/webhooks';
};

export type CreateWebhookErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type CreateWebhookError = CreateWebhookErrors[keyof CreateWebhookErrors];

export type CreateWebhookResponses = {
    /**
     * Made.
     */
    201: CreatedWebhook;
};

export type CreateWebhookResponse = CreateWebhookResponses[keyof CreateWebhookResponses];

export type ListWebhookEventTypesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/webhooks/event-types';
};

export type ListWebhookEventTypesErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListWebhookEventTypesError = ListWebhookEventTypesErrors[keyof ListWebhookEventTypesErrors];

export type ListWebhookEventTypesResponses = {
    /**
     * Done, with what was asked for.
     */
    200: EventTypeList;
};

export type ListWebhookEventTypesResponse = ListWebhookEventTypesResponses[keyof ListWebhookEventTypesResponses];

export type DeleteWebhookData = {
    body?: never;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The webhook.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}';
};

export type DeleteWebhookErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DeleteWebhookError = DeleteWebhookErrors[keyof DeleteWebhookErrors];

export type DeleteWebhookResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type DeleteWebhookResponse = DeleteWebhookResponses[keyof DeleteWebhookResponses];

export type GetWebhookData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The webhook.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}';
};

export type GetWebhookErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetWebhookError = GetWebhookErrors[keyof GetWebhookErrors];

export type GetWebhookResponses = {
    /**
     * Done, with what was asked for.
     */
    200: WebhookView;
};

export type GetWebhookResponse = GetWebhookResponses[keyof GetWebhookResponses];

export type UpdateWebhookData = {
    body: UpdateWebhookRequest;
    headers: {
        /**
         * ETag of the record as read, or *
         */
        'If-Match': string;
    };
    path: {
        /**
         * The webhook.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}';
};

export type UpdateWebhookErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The record changed since it was read: its ETag is not the one in If-Match.
     */
    412: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * If-Match is missing.
     */
    428: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type UpdateWebhookError = UpdateWebhookErrors[keyof UpdateWebhookErrors];

export type UpdateWebhookResponses = {
    /**
     * Done, with what was asked for.
     */
    200: WebhookView;
};

export type UpdateWebhookResponse = UpdateWebhookResponses[keyof UpdateWebhookResponses];

export type RotateWebhookSecretData = {
    body?: RotateWebhookSecretRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The webhook.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/rotate-secret';
};

export type RotateWebhookSecretErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RotateWebhookSecretError = RotateWebhookSecretErrors[keyof RotateWebhookSecretErrors];

export type RotateWebhookSecretResponses = {
    /**
     * Done, with what was asked for.
     */
    200: RotatedSecret;
};

export type RotateWebhookSecretResponse = RotateWebhookSecretResponses[keyof RotateWebhookSecretResponses];

export type TestWebhookData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The webhook.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/test';
};

export type TestWebhookErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type TestWebhookError = TestWebhookErrors[keyof TestWebhookErrors];

export type TestWebhookResponses = {
    /**
     * Taken up, to be done later.
     */
    202: DeliveryDetails;
};

export type TestWebhookResponse = TestWebhookResponses[keyof TestWebhookResponses];

export type ListWebhookDeliveriesData = {
    body?: never;
    path: {
        /**
         * The webhook.
         */
        id: string;
    };
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only those.
         */
        status?: 'pending' | 'delivered' | 'failed';
    };
    url: '/v1/webhooks/{id}/deliveries';
};

export type ListWebhookDeliveriesErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListWebhookDeliveriesError = ListWebhookDeliveriesErrors[keyof ListWebhookDeliveriesErrors];

export type ListWebhookDeliveriesResponses = {
    /**
     * Done, with what was asked for.
     */
    200: DeliveryPage;
};

export type ListWebhookDeliveriesResponse = ListWebhookDeliveriesResponses[keyof ListWebhookDeliveriesResponses];

export type GetWebhookDeliveryData = {
    body?: never;
    path: {
        /**
         * The webhook.
         */
        id: string;
        /**
         * The delivery, to that webhook.
         */
        deliveryId: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/deliveries/{deliveryId}';
};

export type GetWebhookDeliveryErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetWebhookDeliveryError = GetWebhookDeliveryErrors[keyof GetWebhookDeliveryErrors];

export type GetWebhookDeliveryResponses = {
    /**
     * Done, with what was asked for.
     */
    200: DeliveryDetails;
};

export type GetWebhookDeliveryResponse = GetWebhookDeliveryResponses[keyof GetWebhookDeliveryResponses];

export type ReplayWebhookDeliveryData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The webhook.
         */
        id: string;
        /**
         * The delivery, to that webhook.
         */
        deliveryId: string;
    };
    query?: never;
    url: '/v1/webhooks/{id}/deliveries/{deliveryId}/replay';
};

export type ReplayWebhookDeliveryErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ReplayWebhookDeliveryError = ReplayWebhookDeliveryErrors[keyof ReplayWebhookDeliveryErrors];

export type ReplayWebhookDeliveryResponses = {
    /**
     * Taken up, to be done later.
     */
    202: DeliveryDetails;
};

export type ReplayWebhookDeliveryResponse = ReplayWebhookDeliveryResponses[keyof ReplayWebhookDeliveryResponses];

export type ListJobsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only those.
         */
        status?: 'queued' | 'running' | 'succeeded' | 'dead';
        /**
         * Only of this kind.
         */
        kind?: string;
    };
    url: '/v1/jobs';
};

export type ListJobsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListJobsError = ListJobsErrors[keyof ListJobsErrors];

export type ListJobsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: JobPage;
};

export type ListJobsResponse = ListJobsResponses[keyof ListJobsResponses];

export type GetJobData = {
    body?: never;
    path: {
        /**
         * The job.
         */
        id: string;
    };
    query?: never;
    url: '/v1/jobs/{id}';
};

export type GetJobErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetJobError = GetJobErrors[keyof GetJobErrors];

export type GetJobResponses = {
    /**
     * Done, with what was asked for.
     */
    200: JobView;
};

export type GetJobResponse = GetJobResponses[keyof GetJobResponses];

export type RetryJobData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The job.
         */
        id: string;
    };
    query?: never;
    url: '/v1/jobs/{id}/retry';
};

export type RetryJobErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type RetryJobError = RetryJobErrors[keyof RetryJobErrors];

export type RetryJobResponses = {
    /**
     * Done, with what was asked for.
     */
    200: JobView;
};

export type RetryJobResponse = RetryJobResponses[keyof RetryJobResponses];

export type ListAuditCheckpointsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
    };
    url: '/v1/audit-log/checkpoints';
};

export type ListAuditCheckpointsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListAuditCheckpointsError = ListAuditCheckpointsErrors[keyof ListAuditCheckpointsErrors];

export type ListAuditCheckpointsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuditCheckpointPage;
};

export type ListAuditCheckpointsResponse = ListAuditCheckpointsResponses[keyof ListAuditCheckpointsResponses];

export type ProveAuditConsistencyData = {
    body?: never;
    path?: never;
    query: {
        /**
         * Size of the smaller tree.
         */
        from: number;
        /**
         * Size of the larger tree.
         */
        to: number;
    };
    url: '/v1/audit-log/consistency';
};

export type ProveAuditConsistencyErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ProveAuditConsistencyError = ProveAuditConsistencyErrors[keyof ProveAuditConsistencyErrors];

export type ProveAuditConsistencyResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuditConsistencyView;
};

export type ProveAuditConsistencyResponse = ProveAuditConsistencyResponses[keyof ProveAuditConsistencyResponses];

export type ListAuditKeysData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/audit-log/keys';
};

export type ListAuditKeysErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListAuditKeysError = ListAuditKeysErrors[keyof ListAuditKeysErrors];

export type ListAuditKeysResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuditKeyList;
};

export type ListAuditKeysResponse = ListAuditKeysResponses[keyof ListAuditKeysResponses];

export type DownloadAuditVerifierData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/audit-log/verifier';
};

export type DownloadAuditVerifierErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DownloadAuditVerifierError = DownloadAuditVerifierErrors[keyof DownloadAuditVerifierErrors];

export type DownloadAuditVerifierResponses = {
    /**
     * Done, with what was asked for.
     */
    200: Blob | File;
};

export type DownloadAuditVerifierResponse = DownloadAuditVerifierResponses[keyof DownloadAuditVerifierResponses];

export type ExportAuditLogData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/audit-log/export';
};

export type ExportAuditLogErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ExportAuditLogError = ExportAuditLogErrors[keyof ExportAuditLogErrors];

export type ExportAuditLogResponses = {
    /**
     * Done, with what was asked for.
     */
    200: string;
};

export type ExportAuditLogResponse = ExportAuditLogResponses[keyof ExportAuditLogResponses];

export type ListAuditLogData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only this action.
         */
        action?: string;
        /**
         * Only what this person did.
         */
        actorId?: string;
        /**
         * Only what was done to this kind of target.
         */
        targetType?: string;
        /**
         * Only what was done to this target, or changed this row on its way.
         */
        targetId?: string;
        /**
         * Only what ended so.
         */
        outcome?: 'success' | 'denied' | 'failure';
        /**
         * Not before this time.
         */
        from?: string;
        /**
         * Before this time.
         */
        to?: string;
    };
    url: '/v1/audit-log';
};

export type ListAuditLogErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListAuditLogError = ListAuditLogErrors[keyof ListAuditLogErrors];

export type ListAuditLogResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuditEntryPage;
};

export type ListAuditLogResponse = ListAuditLogResponses[keyof ListAuditLogResponses];

export type GetAuditEntryData = {
    body?: never;
    path: {
        /**
         * The entry.
         */
        id: string;
    };
    query?: never;
    url: '/v1/audit-log/{id}';
};

export type GetAuditEntryErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetAuditEntryError = GetAuditEntryErrors[keyof GetAuditEntryErrors];

export type GetAuditEntryResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuditEntryDetail;
};

export type GetAuditEntryResponse = GetAuditEntryResponses[keyof GetAuditEntryResponses];

export type ProveAuditEntryData = {
    body?: never;
    path: {
        /**
         * The entry.
         */
        id: string;
    };
    query?: never;
    url: '/v1/audit-log/{id}/proof';
};

export type ProveAuditEntryErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ProveAuditEntryError = ProveAuditEntryErrors[keyof ProveAuditEntryErrors];

export type ProveAuditEntryResponses = {
    /**
     * Done, with what was asked for.
     */
    200: AuditProofView;
};

export type ProveAuditEntryResponse = ProveAuditEntryResponses[keyof ProveAuditEntryResponses];

export type ListPlatformTenantsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * How many items at most.
         */
        limit?: number;
        /**
         * nextCursor of the page before; opaque.
         */
        cursor?: string;
        /**
         * Only those.
         */
        status?: 'active' | 'suspended';
    };
    url: '/v1/platform/tenants';
};

export type ListPlatformTenantsErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ListPlatformTenantsError = ListPlatformTenantsErrors[keyof ListPlatformTenantsErrors];

export type ListPlatformTenantsResponses = {
    /**
     * Done, with what was asked for.
     */
    200: PlatformTenantPage;
};

export type ListPlatformTenantsResponse = ListPlatformTenantsResponses[keyof ListPlatformTenantsResponses];

export type ProvisionTenantData = {
    body: ProvisionTenantRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path?: never;
    query?: never;
    url: '/v1/platform/tenants';
};

export type ProvisionTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ProvisionTenantError = ProvisionTenantErrors[keyof ProvisionTenantErrors];

export type ProvisionTenantResponses = {
    /**
     * Made.
     */
    201: PlatformTenantView;
};

export type ProvisionTenantResponse = ProvisionTenantResponses[keyof ProvisionTenantResponses];

export type GetPlatformTenantData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path: {
        /**
         * The tenant.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}';
};

export type GetPlatformTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetPlatformTenantError = GetPlatformTenantErrors[keyof GetPlatformTenantErrors];

export type GetPlatformTenantResponses = {
    /**
     * Done, with what was asked for.
     */
    200: PlatformTenantView;
};

export type GetPlatformTenantResponse = GetPlatformTenantResponses[keyof GetPlatformTenantResponses];

export type SuspendTenantData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The tenant.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/suspend';
};

export type SuspendTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type SuspendTenantError = SuspendTenantErrors[keyof SuspendTenantErrors];

export type SuspendTenantResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type SuspendTenantResponse = SuspendTenantResponses[keyof SuspendTenantResponses];

export type ResumeTenantData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The tenant.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/resume';
};

export type ResumeTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ResumeTenantError = ResumeTenantErrors[keyof ResumeTenantErrors];

export type ResumeTenantResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type ResumeTenantResponse = ResumeTenantResponses[keyof ResumeTenantResponses];

export type InviteTenantOwnerData = {
    body: InviteOwnerRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The tenant.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/invite-owner';
};

export type InviteTenantOwnerErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type InviteTenantOwnerError = InviteTenantOwnerErrors[keyof InviteTenantOwnerErrors];

export type InviteTenantOwnerResponses = {
    /**
     * Done. There is no body.
     */
    204: void;
};

export type InviteTenantOwnerResponse = InviteTenantOwnerResponses[keyof InviteTenantOwnerResponses];

export type ExportTenantData = {
    body?: never;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The tenant.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/exports';
};

export type ExportTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ExportTenantError = ExportTenantErrors[keyof ExportTenantErrors];

export type ExportTenantResponses = {
    /**
     * Taken up, to be done later.
     */
    202: ArchiveAccepted;
};

export type ExportTenantResponse = ExportTenantResponses[keyof ExportTenantResponses];

export type GetTenantExportData = {
    body?: never;
    path: {
        /**
         * The tenant.
         */
        id: string;
        /**
         * The export, of that tenant.
         */
        exportId: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/exports/{exportId}';
};

export type GetTenantExportErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetTenantExportError = GetTenantExportErrors[keyof GetTenantExportErrors];

export type GetTenantExportResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TenantExportView;
};

export type GetTenantExportResponse = GetTenantExportResponses[keyof GetTenantExportResponses];

export type DownloadTenantExportData = {
    body?: never;
    path: {
        /**
         * The tenant.
         */
        id: string;
        /**
         * The export, of that tenant.
         */
        exportId: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/exports/{exportId}/download';
};

export type DownloadTenantExportErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * It was here, and is lost.
     */
    410: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type DownloadTenantExportError = DownloadTenantExportErrors[keyof DownloadTenantExportErrors];

export type EraseTenantData = {
    body: EraseTenantRequest;
    headers?: {
        /**
         * Makes it safe to send this request again: the same key with the same request has the first answer repeated, for 24 hours and for the same caller. Draw a new random key for each thing that you want done.
         */
        'Idempotency-Key'?: string;
    };
    path: {
        /**
         * The tenant.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/tenants/{id}/erasure';
};

export type EraseTenantErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * In conflict with the state of the data.
     */
    409: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Well-formed, but refused by a rule; `code` says which.
     */
    422: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type EraseTenantError = EraseTenantErrors[keyof EraseTenantErrors];

export type EraseTenantResponses = {
    /**
     * Taken up, to be done later.
     */
    202: ArchiveAccepted;
};

export type EraseTenantResponse = EraseTenantResponses[keyof EraseTenantResponses];

export type GetTenantErasureData = {
    body?: never;
    path: {
        /**
         * The erasure.
         */
        id: string;
    };
    query?: never;
    url: '/v1/platform/erasures/{id}';
};

export type GetTenantErasureErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetTenantErasureError = GetTenantErasureErrors[keyof GetTenantErasureErrors];

export type GetTenantErasureResponses = {
    /**
     * Done, with what was asked for.
     */
    200: TenantErasureView;
};

export type GetTenantErasureResponse = GetTenantErasureResponses[keyof GetTenantErasureResponses];

export type GetIsolationReportData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/platform/isolation';
};

export type GetIsolationReportErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * Not authenticated, or the session ended a moment ago.
     */
    401: Problem;
    /**
     * Not allowed: `missingPermission` or `requiredAal` says why, where that is the reason.
     */
    403: Problem;
    /**
     * Nothing here that the caller can see.
     */
    404: Problem;
    /**
     * Accept excludes the media type of the answer.
     */
    406: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Too many requests or attempts. Retry-After says when to try again.
     */
    429: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type GetIsolationReportError = GetIsolationReportErrors[keyof GetIsolationReportErrors];

export type GetIsolationReportResponses = {
    /**
     * Done, with what was asked for.
     */
    200: IsolationReportView;
};

export type GetIsolationReportResponse = GetIsolationReportResponses[keyof GetIsolationReportResponses];

export type GetJwksData = {
    body?: never;
    headers?: {
        /**
         * ETags that the caller has; the answer is 304 without a body where one is the record’s.
         */
        'If-None-Match'?: string;
    };
    path?: never;
    query?: never;
    url: '/.well-known/jwks.json';
};

export type GetJwksErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
};

export type GetJwksError = GetJwksErrors[keyof GetJwksErrors];

export type GetJwksResponses = {
    /**
     * A JWK Set (RFC 7517).
     */
    200: KeySet;
};

export type GetJwksResponse = GetJwksResponses[keyof GetJwksResponses];

export type LivezData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/livez';
};

export type LivezErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
};

export type LivezError = LivezErrors[keyof LivezErrors];

export type LivezResponses = {
    /**
     * Done, with what was asked for.
     */
    200: Health;
};

export type LivezResponse = LivezResponses[keyof LivezResponses];

export type ReadyzData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/readyz';
};

export type ReadyzErrors = {
    /**
     * Malformed: a field, a parameter or the cursor is not what the contract says.
     */
    400: Problem;
    /**
     * The body is too large.
     */
    413: Problem;
    /**
     * The body is not application/json in UTF-8.
     */
    415: Problem;
    /**
     * Something failed on our side. The `traceId` helps us to find it.
     */
    500: Problem;
    /**
     * Something this depends on is down. Retry-After says when to try again.
     */
    503: Problem;
};

export type ReadyzError = ReadyzErrors[keyof ReadyzErrors];

export type ReadyzResponses = {
    /**
     * Done, with what was asked for.
     */
    200: Health;
};

export type ReadyzResponse = ReadyzResponses[keyof ReadyzResponses];
