// Generated from openapi.json. Do not edit.

import { client } from './client.gen.js';
import type { Client, ClientMeta, Options as Options2, RequestResult, TDataShape } from './client/index.js';
import type { AcceptInvitationData, AcceptInvitationErrors, AcceptInvitationResponses, ActivateTotpData, ActivateTotpErrors, ActivateTotpResponses, AddFileVersionData, AddFileVersionErrors, AddFileVersionResponses, AssignRoleData, AssignRoleErrors, AssignRoleResponses, ChangePasswordData, ChangePasswordErrors, ChangePasswordResponses, CompleteFileData, CompleteFileErrors, CompleteFileResponses, ConfirmApiKeyData, ConfirmApiKeyErrors, ConfirmApiKeyResponses, CreateApiKeyData, CreateApiKeyErrors, CreateApiKeyResponses, CreateDealData, CreateDealErrors, CreateDealResponses, CreateFileData, CreateFileErrors, CreateFileResponses, CreateInvitationData, CreateInvitationErrors, CreateInvitationResponses, CreatePasskeyAuthenticationOptionsData, CreatePasskeyAuthenticationOptionsErrors, CreatePasskeyAuthenticationOptionsResponses, CreatePasskeyLoginOptionsData, CreatePasskeyLoginOptionsErrors, CreatePasskeyLoginOptionsResponses, CreatePasskeyRegistrationOptionsData, CreatePasskeyRegistrationOptionsErrors, CreatePasskeyRegistrationOptionsResponses, CreateProjectData, CreateProjectErrors, CreateProjectResponses, CreateRoleData, CreateRoleErrors, CreateRoleResponses, CreateTicketCommentData, CreateTicketCommentErrors, CreateTicketCommentResponses, CreateTicketData, CreateTicketErrors, CreateTicketResponses, CreateWebhookData, CreateWebhookErrors, CreateWebhookResponses, DeleteDealData, DeleteDealErrors, DeleteDealResponses, DeleteFileData, DeleteFileErrors, DeleteFileResponses, DeleteProjectData, DeleteProjectErrors, DeleteProjectResponses, DeleteRoleData, DeleteRoleErrors, DeleteRoleResponses, DeleteTicketCommentData, DeleteTicketCommentErrors, DeleteTicketCommentResponses, DeleteTicketData, DeleteTicketErrors, DeleteTicketResponses, DeleteWebhookData, DeleteWebhookErrors, DeleteWebhookResponses, DownloadAuditVerifierData, DownloadAuditVerifierErrors, DownloadAuditVerifierResponses, DownloadFileData, DownloadFileErrors, DownloadTenantExportData, DownloadTenantExportErrors, EndMemberSessionsData, EndMemberSessionsErrors, EndMemberSessionsResponses, EndSessionData, EndSessionErrors, EndSessionResponses, EndSessionsData, EndSessionsErrors, EndSessionsResponses, EnrolTotpData, EnrolTotpErrors, EnrolTotpResponses, EraseTenantData, EraseTenantErrors, EraseTenantResponses, ExplainAccessData, ExplainAccessErrors, ExplainAccessResponses, ExportAuditLogData, ExportAuditLogErrors, ExportAuditLogResponses, ExportTenantData, ExportTenantErrors, ExportTenantResponses, ForgotPasswordData, ForgotPasswordErrors, ForgotPasswordResponses, GetApiKeyData, GetApiKeyErrors, GetApiKeyResponses, GetAuditEntryData, GetAuditEntryErrors, GetAuditEntryResponses, GetCurrentTenantData, GetCurrentTenantErrors, GetCurrentTenantResponses, GetDealData, GetDealErrors, GetDealResponses, GetFileData, GetFileErrors, GetFileResponses, GetIsolationReportData, GetIsolationReportErrors, GetIsolationReportResponses, GetJobData, GetJobErrors, GetJobResponses, GetJwksData, GetJwksErrors, GetJwksResponses, GetMeData, GetMeErrors, GetMeResponses, GetPlatformTenantData, GetPlatformTenantErrors, GetPlatformTenantResponses, GetProjectData, GetProjectErrors, GetProjectResponses, GetRoleData, GetRoleErrors, GetRoleResponses, GetStorageUsageData, GetStorageUsageErrors, GetStorageUsageResponses, GetTenantErasureData, GetTenantErasureErrors, GetTenantErasureResponses, GetTenantExportData, GetTenantExportErrors, GetTenantExportResponses, GetTicketCommentData, GetTicketCommentErrors, GetTicketCommentResponses, GetTicketData, GetTicketErrors, GetTicketResponses, GetWebhookData, GetWebhookDeliveryData, GetWebhookDeliveryErrors, GetWebhookDeliveryResponses, GetWebhookErrors, GetWebhookResponses, InviteTenantOwnerData, InviteTenantOwnerErrors, InviteTenantOwnerResponses, LeaveTenantData, LeaveTenantErrors, LeaveTenantResponses, ListApiKeysData, ListApiKeysErrors, ListApiKeysResponses, ListAuditCheckpointsData, ListAuditCheckpointsErrors, ListAuditCheckpointsResponses, ListAuditKeysData, ListAuditKeysErrors, ListAuditKeysResponses, ListAuditLogData, ListAuditLogErrors, ListAuditLogResponses, ListDealsData, ListDealsErrors, ListDealsResponses, ListFactorsData, ListFactorsErrors, ListFactorsResponses, ListFilesData, ListFilesErrors, ListFilesResponses, ListFileVersionsData, ListFileVersionsErrors, ListFileVersionsResponses, ListInvitationsData, ListInvitationsErrors, ListInvitationsResponses, ListJobsData, ListJobsErrors, ListJobsResponses, ListMembersData, ListMembersErrors, ListMembersResponses, ListPermissionsData, ListPermissionsErrors, ListPermissionsResponses, ListPlatformTenantsData, ListPlatformTenantsErrors, ListPlatformTenantsResponses, ListProjectsData, ListProjectsErrors, ListProjectsResponses, ListRolesData, ListRolesErrors, ListRolesResponses, ListSessionsData, ListSessionsErrors, ListSessionsResponses, ListTenantsData, ListTenantsErrors, ListTenantsResponses, ListTicketCommentsData, ListTicketCommentsErrors, ListTicketCommentsResponses, ListTicketsData, ListTicketsErrors, ListTicketsResponses, ListViewersData, ListViewersErrors, ListViewersResponses, ListWebhookDeliveriesData, ListWebhookDeliveriesErrors, ListWebhookDeliveriesResponses, ListWebhookEventTypesData, ListWebhookEventTypesErrors, ListWebhookEventTypesResponses, ListWebhooksData, ListWebhooksErrors, ListWebhooksResponses, LivezData, LivezErrors, LivezResponses, LoginData, LoginErrors, LoginResponses, LoginWithPasskeyData, LoginWithPasskeyErrors, LoginWithPasskeyResponses, LogoutData, LogoutErrors, LogoutResponses, PreviewInvitationData, PreviewInvitationErrors, PreviewInvitationResponses, ProveAuditConsistencyData, ProveAuditConsistencyErrors, ProveAuditConsistencyResponses, ProveAuditEntryData, ProveAuditEntryErrors, ProveAuditEntryResponses, ProvisionTenantData, ProvisionTenantErrors, ProvisionTenantResponses, ReadyzData, ReadyzErrors, ReadyzResponses, RefreshData, RefreshErrors, RefreshResponses, RegisterPasskeyData, RegisterPasskeyErrors, RegisterPasskeyResponses, RemoveFactorData, RemoveFactorErrors, RemoveFactorResponses, RemoveMemberData, RemoveMemberErrors, RemoveMemberResponses, RenameFactorData, RenameFactorErrors, RenameFactorResponses, RenewRecoveryCodesData, RenewRecoveryCodesErrors, RenewRecoveryCodesResponses, ReplayWebhookDeliveryData, ReplayWebhookDeliveryErrors, ReplayWebhookDeliveryResponses, RequestMagicLinkData, RequestMagicLinkErrors, RequestMagicLinkResponses, ResendInvitationData, ResendInvitationErrors, ResendInvitationResponses, ResetPasswordData, ResetPasswordErrors, ResetPasswordResponses, RestoreFileData, RestoreFileErrors, RestoreFileResponses, ResumeTenantData, ResumeTenantErrors, ResumeTenantResponses, RetryJobData, RetryJobErrors, RetryJobResponses, RevokeApiKeyData, RevokeApiKeyErrors, RevokeApiKeyResponses, RevokeInvitationData, RevokeInvitationErrors, RevokeInvitationResponses, RotateApiKeyData, RotateApiKeyErrors, RotateApiKeyResponses, RotateWebhookSecretData, RotateWebhookSecretErrors, RotateWebhookSecretResponses, SetRoleParentsData, SetRoleParentsErrors, SetRoleParentsResponses, SetRolePermissionsData, SetRolePermissionsErrors, SetRolePermissionsResponses, SuspendTenantData, SuspendTenantErrors, SuspendTenantResponses, SwitchTenantData, SwitchTenantErrors, SwitchTenantResponses, TestWebhookData, TestWebhookErrors, TestWebhookResponses, TransferDealData, TransferDealErrors, TransferDealResponses, TransferOwnershipData, TransferOwnershipErrors, TransferOwnershipResponses, UnlockAccountData, UnlockAccountErrors, UnlockAccountResponses, UpdateCurrentTenantData, UpdateCurrentTenantErrors, UpdateCurrentTenantResponses, UpdateDealData, UpdateDealErrors, UpdateDealResponses, UpdateProjectData, UpdateProjectErrors, UpdateProjectResponses, UpdateRoleData, UpdateRoleErrors, UpdateRoleResponses, UpdateTicketCommentData, UpdateTicketCommentErrors, UpdateTicketCommentResponses, UpdateTicketData, UpdateTicketErrors, UpdateTicketResponses, UpdateWebhookData, UpdateWebhookErrors, UpdateWebhookResponses, VerifyFactorData, VerifyFactorErrors, VerifyFactorResponses, VerifyMagicLinkData, VerifyMagicLinkErrors, VerifyMagicLinkResponses, VerifyPasskeyData, VerifyPasskeyErrors, VerifyPasskeyResponses } from './types.gen.js';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: keyof ClientMeta extends never ? Record<string, unknown> : ClientMeta;
};

class HeyApiClient {
    protected client: Client;
    
    constructor(args?: {
        client?: Client;
    }) {
        this.client = args?.client ?? client;
    }
}

class HeyApiRegistry<T> {
    private readonly defaultKey = 'default';
    
    private readonly instances: Map<string, T> = new Map();
    
    get(key?: string): T {
        const instance = this.instances.get(key ?? this.defaultKey);
        if (!instance) {
            throw new Error(`No SDK client found. Create one with "new Operations()" to fix this error.`);
        }
        return instance;
    }
    
    set(value: T, key?: string): void {
        this.instances.set(key ?? this.defaultKey, value);
    }
}

export class Operations extends HeyApiClient {
    public static readonly __registry: HeyApiRegistry<Operations> = new HeyApiRegistry<Operations>();
    
    constructor(args?: {
        client?: Client;
        key?: string;
    }) {
        super(args);
        Operations.__registry.set(this, args?.key);
    }
    
    /**
     * Sign in with e-mail and password
     *
     * Who belongs to several tenants names one, or gets a session without a tenant and chooses later.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** anybody.
     */
    public login<ThrowOnError extends boolean = true>(options: Options<LoginData, ThrowOnError>): RequestResult<LoginResponses, LoginErrors, ThrowOnError> {
        return (options.client ?? this.client).post<LoginResponses, LoginErrors, ThrowOnError>({
            url: '/v1/auth/login',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Exchange a refresh token for the next pair
     *
     * A repeat within ten seconds gets the same successor, so that a lost answer does no harm; a later one ends the session.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Limit of its own:** 1200 requests a minute, unless set otherwise.
     *
     * **Access:** anybody.
     */
    public refresh<ThrowOnError extends boolean = true>(options: Options<RefreshData, ThrowOnError>): RequestResult<RefreshResponses, RefreshErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RefreshResponses, RefreshErrors, ThrowOnError>({
            url: '/v1/auth/refresh',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * End this session, on every pod, at once
     *
     * Its tokens are refused from now on. Other sessions of the person go on.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public logout<ThrowOnError extends boolean = true>(options?: Options<LogoutData, ThrowOnError>): RequestResult<LogoutResponses, LogoutErrors, ThrowOnError> {
        return (options?.client ?? this.client).post<LogoutResponses, LogoutErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/logout',
            ...options
        });
    }
    
    /**
     * Who am I, where, and what may I do
     *
     * The rights are those of this moment, whatever the token says. Works without a tenant.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public getMe<ThrowOnError extends boolean = true>(options?: Options<GetMeData, ThrowOnError>): RequestResult<GetMeResponses, GetMeErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<GetMeResponses, GetMeErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/me',
            ...options
        });
    }
    
    /**
     * Move this session to another tenant that one belongs to
     *
     * Tokens issued before are void.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public switchTenant<ThrowOnError extends boolean = true>(options: Options<SwitchTenantData, ThrowOnError>): RequestResult<SwitchTenantResponses, SwitchTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).post<SwitchTenantResponses, SwitchTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/switch-tenant',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Ask for a mail with a link that signs in
     *
     * Answers the same whether or not there is such an account.
     *
     * **Access:** anybody.
     */
    public requestMagicLink<ThrowOnError extends boolean = true>(options: Options<RequestMagicLinkData, ThrowOnError>): RequestResult<RequestMagicLinkResponses, RequestMagicLinkErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RequestMagicLinkResponses, RequestMagicLinkErrors, ThrowOnError>({
            url: '/v1/auth/magic-link',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Sign in with the link of a mail
     *
     * Once, within ten minutes. The session stands at aal1.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** anybody.
     */
    public verifyMagicLink<ThrowOnError extends boolean = true>(options: Options<VerifyMagicLinkData, ThrowOnError>): RequestResult<VerifyMagicLinkResponses, VerifyMagicLinkErrors, ThrowOnError> {
        return (options.client ?? this.client).post<VerifyMagicLinkResponses, VerifyMagicLinkErrors, ThrowOnError>({
            url: '/v1/auth/magic-link/verify',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Ask for a mail with a link that sets a new password
     *
     * Answers the same whether or not there is such an account.
     *
     * **Access:** anybody.
     */
    public forgotPassword<ThrowOnError extends boolean = true>(options: Options<ForgotPasswordData, ThrowOnError>): RequestResult<ForgotPasswordResponses, ForgotPasswordErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ForgotPasswordResponses, ForgotPasswordErrors, ThrowOnError>({
            url: '/v1/auth/password/forgot',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set a new password with the link of a mail
     *
     * Ends every session. Second factors stay. A password that is refused leaves the link good.
     *
     * **Access:** anybody.
     */
    public resetPassword<ThrowOnError extends boolean = true>(options: Options<ResetPasswordData, ThrowOnError>): RequestResult<ResetPasswordResponses, ResetPasswordErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ResetPasswordResponses, ResetPasswordErrors, ThrowOnError>({
            url: '/v1/auth/password/reset',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Change one’s password
     *
     * Ends every other session. A wrong current password counts as a guess at the account.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public changePassword<ThrowOnError extends boolean = true>(options: Options<ChangePasswordData, ThrowOnError>): RequestResult<ChangePasswordResponses, ChangePasswordErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ChangePasswordResponses, ChangePasswordErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/password/change',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Unlock an account with the link of a mail
     *
     * After too many wrong guesses the account’s owner gets that mail. Once, within ten minutes.
     *
     * **Access:** anybody.
     */
    public unlockAccount<ThrowOnError extends boolean = true>(options: Options<UnlockAccountData, ThrowOnError>): RequestResult<UnlockAccountResponses, UnlockAccountErrors, ThrowOnError> {
        return (options.client ?? this.client).post<UnlockAccountResponses, UnlockAccountErrors, ThrowOnError>({
            url: '/v1/auth/unlock',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Sign out everywhere
     *
     * Every session of the person ends at once, on every server; with `keepCurrent=true` all but this one.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public endSessions<ThrowOnError extends boolean = true>(options?: Options<EndSessionsData, ThrowOnError>): RequestResult<EndSessionsResponses, EndSessionsErrors, ThrowOnError> {
        return (options?.client ?? this.client).delete<EndSessionsResponses, EndSessionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/sessions',
            ...options
        });
    }
    
    /**
     * Where one is signed in
     *
     * With the client and the address of each, so that one recognises what is not one’s own.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public listSessions<ThrowOnError extends boolean = true>(options?: Options<ListSessionsData, ThrowOnError>): RequestResult<ListSessionsResponses, ListSessionsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListSessionsResponses, ListSessionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/sessions',
            ...options
        });
    }
    
    /**
     * Sign out elsewhere: end one of one’s own sessions
     *
     * It is refused from its next request on. A session of somebody else is 404.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public endSession<ThrowOnError extends boolean = true>(options: Options<EndSessionData, ThrowOnError>): RequestResult<EndSessionResponses, EndSessionErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<EndSessionResponses, EndSessionErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/sessions/{id}',
            ...options
        });
    }
    
    /**
     * Begin to sign in with a passkey
     *
     * The answer is for `PublicKeyCredential.parseRequestOptionsFromJSON`. Which passkey, the browser asks.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** anybody.
     */
    public createPasskeyLoginOptions<ThrowOnError extends boolean = true>(options?: Options<CreatePasskeyLoginOptionsData, ThrowOnError>): RequestResult<CreatePasskeyLoginOptionsResponses, CreatePasskeyLoginOptionsErrors, ThrowOnError> {
        return (options?.client ?? this.client).post<CreatePasskeyLoginOptionsResponses, CreatePasskeyLoginOptionsErrors, ThrowOnError>({ url: '/v1/auth/passkeys/options', ...options });
    }
    
    /**
     * Sign in with a passkey
     *
     * No password: the device and what unlocks it are two factors, so that the session stands at aal2. Who belongs to several tenants names one, or chooses later.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** anybody.
     */
    public loginWithPasskey<ThrowOnError extends boolean = true>(options: Options<LoginWithPasskeyData, ThrowOnError>): RequestResult<LoginWithPasskeyResponses, LoginWithPasskeyErrors, ThrowOnError> {
        return (options.client ?? this.client).post<LoginWithPasskeyResponses, LoginWithPasskeyErrors, ThrowOnError>({
            url: '/v1/auth/passkeys/login',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * One’s second factors
     *
     * Those that are begun and not yet activated, too. Secrets are never shown again.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public listFactors<ThrowOnError extends boolean = true>(options?: Options<ListFactorsData, ThrowOnError>): RequestResult<ListFactorsResponses, ListFactorsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListFactorsResponses, ListFactorsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/factors',
            ...options
        });
    }
    
    /**
     * Remove a second factor
     *
     * One’s other sessions end. With the last factor the recovery codes go.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused. The session must stand at AAL2: a second factor, given within the last 15 minutes.
     */
    public removeFactor<ThrowOnError extends boolean = true>(options: Options<RemoveFactorData, ThrowOnError>): RequestResult<RemoveFactorResponses, RemoveFactorErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<RemoveFactorResponses, RemoveFactorErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/factors/{id}',
            ...options
        });
    }
    
    /**
     * Rename a second factor
     *
     * The name is for its owner alone.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public renameFactor<ThrowOnError extends boolean = true>(options: Options<RenameFactorData, ThrowOnError>): RequestResult<RenameFactorResponses, RenameFactorErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<RenameFactorResponses, RenameFactorErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/factors/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Ten new recovery codes
     *
     * Shown this once. Those from before are void.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused. The session must stand at AAL2: a second factor, given within the last 15 minutes.
     */
    public renewRecoveryCodes<ThrowOnError extends boolean = true>(options?: Options<RenewRecoveryCodesData, ThrowOnError>): RequestResult<RenewRecoveryCodesResponses, RenewRecoveryCodesErrors, ThrowOnError> {
        return (options?.client ?? this.client).post<RenewRecoveryCodesResponses, RenewRecoveryCodesErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/recovery-codes',
            ...options
        });
    }
    
    /**
     * Begin to enrol an authenticator app
     *
     * Show the QR code, or the secret, once; then activate within ten minutes. Whoever has a factor needs aal2.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public enrolTotp<ThrowOnError extends boolean = true>(options: Options<EnrolTotpData, ThrowOnError>): RequestResult<EnrolTotpResponses, EnrolTotpErrors, ThrowOnError> {
        return (options.client ?? this.client).post<EnrolTotpResponses, EnrolTotpErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/totp',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Finish it with a code that the app shows
     *
     * One’s other sessions end. With the first factor come ten recovery codes, shown this once. The session stays at aal1 until POST /v1/auth/mfa/verify, with the next code.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public activateTotp<ThrowOnError extends boolean = true>(options: Options<ActivateTotpData, ThrowOnError>): RequestResult<ActivateTotpResponses, ActivateTotpErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ActivateTotpResponses, ActivateTotpErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/totp/{id}/activate',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Give a second factor: this session’s next tokens are at aal2
     *
     * Send `code` (with `factorId`, if it is to be one app’s) or `recoveryCode`. Tokens from before stay at aal1, and refresh tokens from before are used up. A passkey goes to POST /v1/auth/mfa/webauthn/verify.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public verifyFactor<ThrowOnError extends boolean = true>(options: Options<VerifyFactorData, ThrowOnError>): RequestResult<VerifyFactorResponses, VerifyFactorErrors, ThrowOnError> {
        return (options.client ?? this.client).post<VerifyFactorResponses, VerifyFactorErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/verify',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Begin to register a passkey
     *
     * The answer is for `PublicKeyCredential.parseCreationOptionsFromJSON`. Whoever has a second factor already must stand at aal2.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public createPasskeyRegistrationOptions<ThrowOnError extends boolean = true>(options?: Options<CreatePasskeyRegistrationOptionsData, ThrowOnError>): RequestResult<CreatePasskeyRegistrationOptionsResponses, CreatePasskeyRegistrationOptionsErrors, ThrowOnError> {
        return (options?.client ?? this.client).post<CreatePasskeyRegistrationOptionsResponses, CreatePasskeyRegistrationOptionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/webauthn/registration-options',
            ...options
        });
    }
    
    /**
     * Register a passkey
     *
     * `credential` is the `toJSON()` of what `navigator.credentials.create` gave. It is a second factor at once, and signs in by itself where the device keeps it. The first factor comes with recovery codes.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public registerPasskey<ThrowOnError extends boolean = true>(options: Options<RegisterPasskeyData, ThrowOnError>): RequestResult<RegisterPasskeyResponses, RegisterPasskeyErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RegisterPasskeyResponses, RegisterPasskeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/webauthn',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Begin to step up with a passkey
     *
     * The answer is for `PublicKeyCredential.parseRequestOptionsFromJSON`.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public createPasskeyAuthenticationOptions<ThrowOnError extends boolean = true>(options?: Options<CreatePasskeyAuthenticationOptionsData, ThrowOnError>): RequestResult<CreatePasskeyAuthenticationOptionsResponses, CreatePasskeyAuthenticationOptionsErrors, ThrowOnError> {
        return (options?.client ?? this.client).post<CreatePasskeyAuthenticationOptionsResponses, CreatePasskeyAuthenticationOptionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/webauthn/authentication-options',
            ...options
        });
    }
    
    /**
     * Step up to aal2 with a passkey
     *
     * `credential` is the `toJSON()` of what `navigator.credentials.get` gave. Use the tokens of the answer.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public verifyPasskey<ThrowOnError extends boolean = true>(options: Options<VerifyPasskeyData, ThrowOnError>): RequestResult<VerifyPasskeyResponses, VerifyPasskeyErrors, ThrowOnError> {
        return (options.client ?? this.client).post<VerifyPasskeyResponses, VerifyPasskeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/auth/mfa/webauthn/verify',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the API keys of this tenant, newest first
     *
     * Without their secrets, which are nowhere any more.
     *
     * **Access:** permission `api_key:read`, by a session or an API key.
     */
    public listApiKeys<ThrowOnError extends boolean = true>(options?: Options<ListApiKeysData, ThrowOnError>): RequestResult<ListApiKeysResponses, ListApiKeysErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListApiKeysResponses, ListApiKeysErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/api-keys',
            ...options
        });
    }
    
    /**
     * Make an API key, which is shown this once
     *
     * It acts for this tenant, with the rights of whoever makes it, as they are at each moment, and within the permissions that are named. It never stands at AAL2. A tenant has a hundred at most.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** permission `api_key:create`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public createApiKey<ThrowOnError extends boolean = true>(options: Options<CreateApiKeyData, ThrowOnError>): RequestResult<CreateApiKeyResponses, CreateApiKeyErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateApiKeyResponses, CreateApiKeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/api-keys',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Revoke an API key
     *
     * The next request with it is refused, and what it has put off as a job is not done.
     *
     * **Access:** permission `api_key:delete`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public revokeApiKey<ThrowOnError extends boolean = true>(options: Options<RevokeApiKeyData, ThrowOnError>): RequestResult<RevokeApiKeyResponses, RevokeApiKeyErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<RevokeApiKeyResponses, RevokeApiKeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/api-keys/{id}',
            ...options
        });
    }
    
    /**
     * Read an API key, without its secret
     *
     * With whoever answers for it, and when it was last used.
     *
     * **Access:** permission `api_key:read`, by a session or an API key.
     */
    public getApiKey<ThrowOnError extends boolean = true>(options: Options<GetApiKeyData, ThrowOnError>): RequestResult<GetApiKeyResponses, GetApiKeyErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetApiKeyResponses, GetApiKeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/api-keys/{id}',
            ...options
        });
    }
    
    /**
     * Replace the secret of an API key that one answers for; the new one is shown this once
     *
     * The secret before it counts for another hour, or as `overlapSeconds` says; one that was being replaced already is dead at once. What expires does so as before.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** permission `api_key:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public rotateApiKey<ThrowOnError extends boolean = true>(options: Options<RotateApiKeyData, ThrowOnError>): RequestResult<RotateApiKeyResponses, RotateApiKeyErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RotateApiKeyResponses, RotateApiKeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/api-keys/{id}/rotate',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Answer for an API key, in the place of somebody who is gone or whose role is below one’s own
     *
     * From now on it acts with the caller’s rights, within its permissions, all of which the caller must hold. Its secret stays: replace it if others know it.
     *
     * **Access:** permission `api_key:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public confirmApiKey<ThrowOnError extends boolean = true>(options: Options<ConfirmApiKeyData, ThrowOnError>): RequestResult<ConfirmApiKeyResponses, ConfirmApiKeyErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ConfirmApiKeyResponses, ConfirmApiKeyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/api-keys/{id}/confirm',
            ...options
        });
    }
    
    /**
     * List the tenants that one belongs to, by slug
     *
     * Also those that are suspended. Works without a tenant.
     *
     * **Access:** whoever is signed in, with a tenant or without, by a session; an API key is refused.
     */
    public listTenants<ThrowOnError extends boolean = true>(options?: Options<ListTenantsData, ThrowOnError>): RequestResult<ListTenantsResponses, ListTenantsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListTenantsResponses, ListTenantsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tenants',
            ...options
        });
    }
    
    /**
     * Read the tenant that this session is in
     *
     * With its settings, and the ETag that a change of them asks for.
     *
     * **Access:** permission `tenant:read`, by a session or an API key.
     */
    public getCurrentTenant<ThrowOnError extends boolean = true>(options?: Options<GetCurrentTenantData, ThrowOnError>): RequestResult<GetCurrentTenantResponses, GetCurrentTenantErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<GetCurrentTenantResponses, GetCurrentTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tenants/current',
            ...options
        });
    }
    
    /**
     * Rename the tenant that this session is in, or change its settings
     *
     * Fields that are left out stay as they are. A slug names one tenant of the whole installation, so one that is taken is refused with 409 `already_exists`, whoever has it. Shorter sessions count from the next refresh on.
     *
     * **Access:** permission `tenant:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public updateCurrentTenant<ThrowOnError extends boolean = true>(options: Options<UpdateCurrentTenantData, ThrowOnError>): RequestResult<UpdateCurrentTenantResponses, UpdateCurrentTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateCurrentTenantResponses, UpdateCurrentTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tenants/current',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Sign a member out of this tenant
     *
     * Their role must be below one’s own. Their sessions in other tenants go on.
     *
     * **Access:** permission `session:end`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public endMemberSessions<ThrowOnError extends boolean = true>(options: Options<EndMemberSessionsData, ThrowOnError>): RequestResult<EndMemberSessionsResponses, EndMemberSessionsErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<EndMemberSessionsResponses, EndMemberSessionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/members/{userId}/sessions',
            ...options
        });
    }
    
    /**
     * Remove a member whose role is below one’s own
     *
     * Their sessions here end at once, and invitations that they made go. They may be invited again.
     *
     * **Access:** permission `member:delete`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public removeMember<ThrowOnError extends boolean = true>(options: Options<RemoveMemberData, ThrowOnError>): RequestResult<RemoveMemberResponses, RemoveMemberErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<RemoveMemberResponses, RemoveMemberErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/members/{userId}',
            ...options
        });
    }
    
    /**
     * Give a member another role
     *
     * Both the role that they have and the one that they get must be below one’s own. It acts at once.
     *
     * **Access:** permission `member:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public assignRole<ThrowOnError extends boolean = true>(options: Options<AssignRoleData, ThrowOnError>): RequestResult<AssignRoleResponses, AssignRoleErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<AssignRoleResponses, AssignRoleErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/members/{userId}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Make a member the owner in one’s own place
     *
     * The caller has the highest role below the owner’s afterwards.
     *
     * **Access:** permission `tenant:transfer`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public transferOwnership<ThrowOnError extends boolean = true>(options: Options<TransferOwnershipData, ThrowOnError>): RequestResult<TransferOwnershipResponses, TransferOwnershipErrors, ThrowOnError> {
        return (options.client ?? this.client).post<TransferOwnershipResponses, TransferOwnershipErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tenants/current/transfer-ownership',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List who belongs to this tenant, with their profiles
     *
     * In the order in which their accounts were made.
     *
     * **Access:** permission `member:read`, by a session or an API key.
     */
    public listMembers<ThrowOnError extends boolean = true>(options?: Options<ListMembersData, ThrowOnError>): RequestResult<ListMembersResponses, ListMembersErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListMembersResponses, ListMembersErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/members',
            ...options
        });
    }
    
    /**
     * Leave this tenant
     *
     * It needs no permission, and AAL2 only where an heir is named. Sessions here end at once, and invitations that one made go. The last owner hands ownership over first.
     *
     * **Access:** every member of the tenant, by a session; an API key is refused.
     */
    public leaveTenant<ThrowOnError extends boolean = true>(options?: Options<LeaveTenantData, ThrowOnError>): RequestResult<LeaveTenantResponses, LeaveTenantErrors, ThrowOnError> {
        return (options?.client ?? this.client).delete<LeaveTenantResponses, LeaveTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/members/me',
            ...options
        });
    }
    
    /**
     * What the link of an invitation leads to
     *
     * One answer for a token that is used, revoked, expired or was never sent.
     *
     * **Access:** anybody.
     */
    public previewInvitation<ThrowOnError extends boolean = true>(options: Options<PreviewInvitationData, ThrowOnError>): RequestResult<PreviewInvitationResponses, PreviewInvitationErrors, ThrowOnError> {
        return (options.client ?? this.client).post<PreviewInvitationResponses, PreviewInvitationErrors, ThrowOnError>({
            url: '/v1/invitations/preview',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Join a tenant by the link of an invitation
     *
     * Whoever has no account with the address that was invited gives a name and a password, and gets one. Whoever has one signs in first and sends that access token, of any tenant or none; else the answer is `sign_in_to_accept`. The new session stands at aal1.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** anybody.
     */
    public acceptInvitation<ThrowOnError extends boolean = true>(options: Options<AcceptInvitationData, ThrowOnError>): RequestResult<AcceptInvitationResponses, AcceptInvitationErrors, ThrowOnError> {
        return (options.client ?? this.client).post<AcceptInvitationResponses, AcceptInvitationErrors, ThrowOnError>({
            url: '/v1/invitations/accept',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the invitations that nobody has accepted yet, newest first
     *
     * Expired ones too: they can be sent again.
     *
     * **Access:** permission `invitation:read`, by a session or an API key.
     */
    public listInvitations<ThrowOnError extends boolean = true>(options?: Options<ListInvitationsData, ThrowOnError>): RequestResult<ListInvitationsResponses, ListInvitationsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListInvitationsResponses, ListInvitationsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/invitations',
            ...options
        });
    }
    
    /**
     * Invite somebody by mail into a role below one’s own
     *
     * The link in the mail is good for seven days, and as long as the inviter may give out that role.
     *
     * **Access:** permission `invitation:create`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public createInvitation<ThrowOnError extends boolean = true>(options: Options<CreateInvitationData, ThrowOnError>): RequestResult<CreateInvitationResponses, CreateInvitationErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateInvitationResponses, CreateInvitationErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/invitations',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Send an invitation again, in one’s own name and for another seven days
     *
     * The link that was sent before is dead.
     *
     * **Limit of its own:** 20 requests a minute, unless set otherwise.
     *
     * **Access:** permission `invitation:create`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public resendInvitation<ThrowOnError extends boolean = true>(options: Options<ResendInvitationData, ThrowOnError>): RequestResult<ResendInvitationResponses, ResendInvitationErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ResendInvitationResponses, ResendInvitationErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/invitations/{id}/resend',
            ...options
        });
    }
    
    /**
     * Revoke an invitation into a role below one’s own
     *
     * The link that was sent is dead from then on.
     *
     * **Access:** permission `invitation:delete`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public revokeInvitation<ThrowOnError extends boolean = true>(options: Options<RevokeInvitationData, ThrowOnError>): RequestResult<RevokeInvitationResponses, RevokeInvitationErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<RevokeInvitationResponses, RevokeInvitationErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/invitations/{id}',
            ...options
        });
    }
    
    /**
     * List the roles of this tenant, oldest first
     *
     * With what each holds itself, and which roles stand above it.
     *
     * **Access:** permission `role:read`, by a session or an API key.
     */
    public listRoles<ThrowOnError extends boolean = true>(options?: Options<ListRolesData, ThrowOnError>): RequestResult<ListRolesResponses, ListRolesErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListRolesResponses, ListRolesErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles',
            ...options
        });
    }
    
    /**
     * Make a role below one’s own
     *
     * It may hold what one holds oneself, and nothing else.
     *
     * **Access:** permission `role:create`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public createRole<ThrowOnError extends boolean = true>(options: Options<CreateRoleData, ThrowOnError>): RequestResult<CreateRoleResponses, CreateRoleErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateRoleResponses, CreateRoleErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a role below one’s own that nobody and nothing has
     *
     * The roles below it stand below its parents afterwards.
     *
     * **Access:** permission `role:delete`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public deleteRole<ThrowOnError extends boolean = true>(options: Options<DeleteRoleData, ThrowOnError>): RequestResult<DeleteRoleResponses, DeleteRoleErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteRoleResponses, DeleteRoleErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles/{id}',
            ...options
        });
    }
    
    /**
     * Read a role
     *
     * With the ETag that changes of it ask for.
     *
     * **Access:** permission `role:read`, by a session or an API key.
     */
    public getRole<ThrowOnError extends boolean = true>(options: Options<GetRoleData, ThrowOnError>): RequestResult<GetRoleResponses, GetRoleErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetRoleResponses, GetRoleErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles/{id}',
            ...options
        });
    }
    
    /**
     * Rename a role below one’s own
     *
     * Its name, its slug or both. What it holds and where it stands have operations of their own.
     *
     * **Access:** permission `role:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public updateRole<ThrowOnError extends boolean = true>(options: Options<UpdateRoleData, ThrowOnError>): RequestResult<UpdateRoleResponses, UpdateRoleErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateRoleResponses, UpdateRoleErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set what a role below one’s own holds
     *
     * What is added must be held by the caller; what stays need not.
     *
     * **Access:** permission `role:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public setRolePermissions<ThrowOnError extends boolean = true>(options: Options<SetRolePermissionsData, ThrowOnError>): RequestResult<SetRolePermissionsResponses, SetRolePermissionsErrors, ThrowOnError> {
        return (options.client ?? this.client).put<SetRolePermissionsResponses, SetRolePermissionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles/{id}/permissions',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set which roles stand above a role below one’s own
     *
     * The whole list takes the place of the one that was there. A circle is 409 `role_cycle`.
     *
     * **Access:** permission `role:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public setRoleParents<ThrowOnError extends boolean = true>(options: Options<SetRoleParentsData, ThrowOnError>): RequestResult<SetRoleParentsResponses, SetRoleParentsErrors, ThrowOnError> {
        return (options.client ?? this.client).put<SetRoleParentsResponses, SetRoleParentsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/roles/{id}/parents',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List every permission there is, by code
     *
     * The same in every tenant. A role, or an API key, names them by these codes.
     *
     * **Access:** permission `role:read`, by a session or an API key.
     */
    public listPermissions<ThrowOnError extends boolean = true>(options?: Options<ListPermissionsData, ThrowOnError>): RequestResult<ListPermissionsResponses, ListPermissionsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListPermissionsResponses, ListPermissionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/permissions',
            ...options
        });
    }
    
    /**
     * Say whether one may do something, and what decides it
     *
     * The answer is that of the rules that filter the rows. A record that one does not see is answered like one that does not exist. About another member one asks with access:explain, and only about records that one sees oneself; they are judged as if they were signed in as surely as the caller is.
     *
     * **Limit of its own:** 60 requests a minute, unless set otherwise.
     *
     * **Access:** every member of the tenant, by a session or an API key.
     */
    public explainAccess<ThrowOnError extends boolean = true>(options: Options<ExplainAccessData, ThrowOnError>): RequestResult<ExplainAccessResponses, ExplainAccessErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ExplainAccessResponses, ExplainAccessErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/access/explain',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the members who see a record, and why
     *
     * The same rules as those that filter the rows. It is for records that one sees oneself.
     *
     * **Access:** permission `access:explain`, by a session or an API key.
     */
    public listViewers<ThrowOnError extends boolean = true>(options: Options<ListViewersData, ThrowOnError>): RequestResult<ListViewersResponses, ListViewersErrors, ThrowOnError> {
        return (options.client ?? this.client).get<ListViewersResponses, ListViewersErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/access/viewers',
            ...options
        });
    }
    
    /**
     * List the deals that one sees, newest first
     *
     * Those that the caller’s role and ownership let them see, and nothing else: there is no list of all.
     *
     * **Access:** permission `deal:read`, by a session or an API key.
     */
    public listDeals<ThrowOnError extends boolean = true>(options?: Options<ListDealsData, ThrowOnError>): RequestResult<ListDealsResponses, ListDealsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListDealsResponses, ListDealsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/deals',
            ...options
        });
    }
    
    /**
     * Create a deal, owned by the caller
     *
     * Location leads to it, and ETag is its first version.
     *
     * **Access:** permission `deal:create`, by a session or an API key.
     */
    public createDeal<ThrowOnError extends boolean = true>(options: Options<CreateDealData, ThrowOnError>): RequestResult<CreateDealResponses, CreateDealErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateDealResponses, CreateDealErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/deals',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a deal
     *
     * Its files go with it.
     *
     * **Access:** permission `deal:delete`, by a session or an API key.
     */
    public deleteDeal<ThrowOnError extends boolean = true>(options: Options<DeleteDealData, ThrowOnError>): RequestResult<DeleteDealResponses, DeleteDealErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteDealResponses, DeleteDealErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/deals/{id}',
            ...options
        });
    }
    
    /**
     * Read a deal
     *
     * With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.
     *
     * **Access:** permission `deal:read`, by a session or an API key.
     */
    public getDeal<ThrowOnError extends boolean = true>(options: Options<GetDealData, ThrowOnError>): RequestResult<GetDealResponses, GetDealErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetDealResponses, GetDealErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/deals/{id}',
            ...options
        });
    }
    
    /**
     * Change fields of a deal
     *
     * Fields that are left out stay as they are.
     *
     * **Access:** permission `deal:update`, by a session or an API key.
     */
    public updateDeal<ThrowOnError extends boolean = true>(options: Options<UpdateDealData, ThrowOnError>): RequestResult<UpdateDealResponses, UpdateDealErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateDealResponses, UpdateDealErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/deals/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Hand a deal over to another member
     *
     * Its owner does, or somebody whose role is above the owner’s. Who sees it follows the new owner at once.
     *
     * **Access:** permission `deal:update`, by a session or an API key.
     */
    public transferDeal<ThrowOnError extends boolean = true>(options: Options<TransferDealData, ThrowOnError>): RequestResult<TransferDealResponses, TransferDealErrors, ThrowOnError> {
        return (options.client ?? this.client).post<TransferDealResponses, TransferDealErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/deals/{id}/transfer',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the projects, newest first
     *
     * **Access:** permission `project:read`, by a session or an API key.
     */
    public listProjects<ThrowOnError extends boolean = true>(options?: Options<ListProjectsData, ThrowOnError>): RequestResult<ListProjectsResponses, ListProjectsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListProjectsResponses, ListProjectsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/projects',
            ...options
        });
    }
    
    /**
     * Create a project
     *
     * Location leads to it, and ETag is its first version.
     *
     * **Access:** permission `project:create`, by a session or an API key.
     */
    public createProject<ThrowOnError extends boolean = true>(options: Options<CreateProjectData, ThrowOnError>): RequestResult<CreateProjectResponses, CreateProjectErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateProjectResponses, CreateProjectErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/projects',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a project
     *
     * **Access:** permission `project:delete`, by a session or an API key.
     */
    public deleteProject<ThrowOnError extends boolean = true>(options: Options<DeleteProjectData, ThrowOnError>): RequestResult<DeleteProjectResponses, DeleteProjectErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteProjectResponses, DeleteProjectErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/projects/{id}',
            ...options
        });
    }
    
    /**
     * Read a project
     *
     * With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.
     *
     * **Access:** permission `project:read`, by a session or an API key.
     */
    public getProject<ThrowOnError extends boolean = true>(options: Options<GetProjectData, ThrowOnError>): RequestResult<GetProjectResponses, GetProjectErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetProjectResponses, GetProjectErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/projects/{id}',
            ...options
        });
    }
    
    /**
     * Change fields of a project
     *
     * Fields that are left out stay as they are.
     *
     * **Access:** permission `project:update`, by a session or an API key.
     */
    public updateProject<ThrowOnError extends boolean = true>(options: Options<UpdateProjectData, ThrowOnError>): RequestResult<UpdateProjectResponses, UpdateProjectErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateProjectResponses, UpdateProjectErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/projects/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the tickets, newest first
     *
     * **Access:** permission `ticket:read`, by a session or an API key.
     */
    public listTickets<ThrowOnError extends boolean = true>(options?: Options<ListTicketsData, ThrowOnError>): RequestResult<ListTicketsResponses, ListTicketsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListTicketsResponses, ListTicketsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets',
            ...options
        });
    }
    
    /**
     * Create a ticket
     *
     * Location leads to it, and ETag is its first version.
     *
     * **Access:** permission `ticket:create`, by a session or an API key.
     */
    public createTicket<ThrowOnError extends boolean = true>(options: Options<CreateTicketData, ThrowOnError>): RequestResult<CreateTicketResponses, CreateTicketErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateTicketResponses, CreateTicketErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a ticket
     *
     * **Access:** permission `ticket:delete`, by a session or an API key.
     */
    public deleteTicket<ThrowOnError extends boolean = true>(options: Options<DeleteTicketData, ThrowOnError>): RequestResult<DeleteTicketResponses, DeleteTicketErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteTicketResponses, DeleteTicketErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{id}',
            ...options
        });
    }
    
    /**
     * Read a ticket
     *
     * With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.
     *
     * **Access:** permission `ticket:read`, by a session or an API key.
     */
    public getTicket<ThrowOnError extends boolean = true>(options: Options<GetTicketData, ThrowOnError>): RequestResult<GetTicketResponses, GetTicketErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetTicketResponses, GetTicketErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{id}',
            ...options
        });
    }
    
    /**
     * Change fields of a ticket
     *
     * Fields that are left out stay as they are; null empties one.
     *
     * **Access:** permission `ticket:update`, by a session or an API key.
     */
    public updateTicket<ThrowOnError extends boolean = true>(options: Options<UpdateTicketData, ThrowOnError>): RequestResult<UpdateTicketResponses, UpdateTicketErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateTicketResponses, UpdateTicketErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the comments of a ticket, newest first
     *
     * **Access:** permission `ticket_comment:read`, by a session or an API key.
     */
    public listTicketComments<ThrowOnError extends boolean = true>(options: Options<ListTicketCommentsData, ThrowOnError>): RequestResult<ListTicketCommentsResponses, ListTicketCommentsErrors, ThrowOnError> {
        return (options.client ?? this.client).get<ListTicketCommentsResponses, ListTicketCommentsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{ticketId}/comments',
            ...options
        });
    }
    
    /**
     * Create a ticket comment
     *
     * Location leads to it, and ETag is its first version.
     *
     * **Access:** permission `ticket_comment:create`, by a session or an API key.
     */
    public createTicketComment<ThrowOnError extends boolean = true>(options: Options<CreateTicketCommentData, ThrowOnError>): RequestResult<CreateTicketCommentResponses, CreateTicketCommentErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateTicketCommentResponses, CreateTicketCommentErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{ticketId}/comments',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a ticket comment
     *
     * **Access:** permission `ticket_comment:delete`, by a session or an API key.
     */
    public deleteTicketComment<ThrowOnError extends boolean = true>(options: Options<DeleteTicketCommentData, ThrowOnError>): RequestResult<DeleteTicketCommentResponses, DeleteTicketCommentErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteTicketCommentResponses, DeleteTicketCommentErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{ticketId}/comments/{id}',
            ...options
        });
    }
    
    /**
     * Read a ticket comment
     *
     * With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.
     *
     * **Access:** permission `ticket_comment:read`, by a session or an API key.
     */
    public getTicketComment<ThrowOnError extends boolean = true>(options: Options<GetTicketCommentData, ThrowOnError>): RequestResult<GetTicketCommentResponses, GetTicketCommentErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetTicketCommentResponses, GetTicketCommentErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{ticketId}/comments/{id}',
            ...options
        });
    }
    
    /**
     * Change fields of a ticket comment
     *
     * Fields that are left out stay as they are.
     *
     * **Access:** permission `ticket_comment:update`, by a session or an API key.
     */
    public updateTicketComment<ThrowOnError extends boolean = true>(options: Options<UpdateTicketCommentData, ThrowOnError>): RequestResult<UpdateTicketCommentResponses, UpdateTicketCommentErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateTicketCommentResponses, UpdateTicketCommentErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/tickets/{ticketId}/comments/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the files of a record, or of all that one sees, newest first
     *
     * Name a record by `resourceType` and `resourceId`, both; without them: all files of records that one sees.
     *
     * **Access:** permission `file:read`, by a session or an API key.
     */
    public listFiles<ThrowOnError extends boolean = true>(options?: Options<ListFilesData, ThrowOnError>): RequestResult<ListFilesResponses, ListFilesErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListFilesResponses, ListFilesErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files',
            ...options
        });
    }
    
    /**
     * Announce a file of a record, and get the URL to upload it to
     *
     * Send the bytes as the answer says, then complete the file. It needs the right to change the record.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Limit of its own:** 120 requests a minute, unless set otherwise.
     *
     * **Access:** permission `file:create`, by a session or an API key.
     */
    public createFile<ThrowOnError extends boolean = true>(options: Options<CreateFileData, ThrowOnError>): RequestResult<CreateFileResponses, CreateFileErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateFileResponses, CreateFileErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Read how much room the tenant’s files take, and may take
     *
     * In bytes, with the tenant’s quota.
     *
     * **Access:** permission `file:read`, by a session or an API key.
     */
    public getStorageUsage<ThrowOnError extends boolean = true>(options?: Options<GetStorageUsageData, ThrowOnError>): RequestResult<GetStorageUsageResponses, GetStorageUsageErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<GetStorageUsageResponses, GetStorageUsageErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/usage',
            ...options
        });
    }
    
    /**
     * Delete a file with all its versions
     *
     * It can be restored until it is removed for good.
     *
     * **Access:** permission `file:delete`, by a session or an API key.
     */
    public deleteFile<ThrowOnError extends boolean = true>(options: Options<DeleteFileData, ThrowOnError>): RequestResult<DeleteFileResponses, DeleteFileErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteFileResponses, DeleteFileErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}',
            ...options
        });
    }
    
    /**
     * Read what a file is; its bytes are downloaded
     *
     * With its current version. Who sees its record sees it.
     *
     * **Access:** permission `file:read`, by a session or an API key.
     */
    public getFile<ThrowOnError extends boolean = true>(options: Options<GetFileData, ThrowOnError>): RequestResult<GetFileResponses, GetFileErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetFileResponses, GetFileErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}',
            ...options
        });
    }
    
    /**
     * List the versions of a file, newest first
     *
     * Those that were announced and never completed, too.
     *
     * **Access:** permission `file:read`, by a session or an API key.
     */
    public listFileVersions<ThrowOnError extends boolean = true>(options: Options<ListFileVersionsData, ThrowOnError>): RequestResult<ListFileVersionsResponses, ListFileVersionsErrors, ThrowOnError> {
        return (options.client ?? this.client).get<ListFileVersionsResponses, ListFileVersionsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}/versions',
            ...options
        });
    }
    
    /**
     * Announce a further version of a file
     *
     * What is offered changes when it is completed, and not before.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** permission `file:create`, by a session or an API key.
     */
    public addFileVersion<ThrowOnError extends boolean = true>(options: Options<AddFileVersionData, ThrowOnError>): RequestResult<AddFileVersionResponses, AddFileVersionErrors, ThrowOnError> {
        return (options.client ?? this.client).post<AddFileVersionResponses, AddFileVersionErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}/versions',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get a URL for the bytes of a file
     *
     * It is for whoever asked, and good for a minute unless the installation says otherwise.
     *
     * **Access:** permission `file:read`, by a session or an API key.
     */
    public downloadFile<ThrowOnError extends boolean = true>(options: Options<DownloadFileData, ThrowOnError>): RequestResult<unknown, DownloadFileErrors, ThrowOnError> {
        return (options.client ?? this.client).get<unknown, DownloadFileErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}/download',
            ...options
        });
    }
    
    /**
     * Restore a deleted file, while its record is there
     *
     * With all its versions; within 30 days, unless the installation keeps deleted files for another time.
     *
     * **Access:** permission `file:delete`, by a session or an API key.
     */
    public restoreFile<ThrowOnError extends boolean = true>(options: Options<RestoreFileData, ThrowOnError>): RequestResult<RestoreFileResponses, RestoreFileErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RestoreFileResponses, RestoreFileErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}/restore',
            ...options
        });
    }
    
    /**
     * Say that the bytes are uploaded
     *
     * They are read and compared with what was announced: size, SHA-256 and type. If they are something else (422), they are discarded, and so is the version. Where an antivirus scanner is set up, the file is quarantined until it is clean.
     *
     * **Access:** permission `file:create`, by a session or an API key.
     */
    public completeFile<ThrowOnError extends boolean = true>(options: Options<CompleteFileData, ThrowOnError>): RequestResult<CompleteFileResponses, CompleteFileErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CompleteFileResponses, CompleteFileErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/files/{id}/complete',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List webhooks, newest first
     *
     * Without their secrets.
     *
     * **Access:** permission `webhook:read`, by a session or an API key.
     */
    public listWebhooks<ThrowOnError extends boolean = true>(options?: Options<ListWebhooksData, ThrowOnError>): RequestResult<ListWebhooksResponses, ListWebhooksErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListWebhooksResponses, ListWebhooksErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks',
            ...options
        });
    }
    
    /**
     * Make a webhook
     *
     * Messages are signed by Standard Webhooks with the secret of the answer, which is shown once.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** permission `webhook:create`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public createWebhook<ThrowOnError extends boolean = true>(options: Options<CreateWebhookData, ThrowOnError>): RequestResult<CreateWebhookResponses, CreateWebhookErrors, ThrowOnError> {
        return (options.client ?? this.client).post<CreateWebhookResponses, CreateWebhookErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * List the events that webhooks tell of
     *
     * All there are, by name, with what each tells of.
     *
     * **Access:** permission `webhook:read`, by a session or an API key.
     */
    public listWebhookEventTypes<ThrowOnError extends boolean = true>(options?: Options<ListWebhookEventTypesData, ThrowOnError>): RequestResult<ListWebhookEventTypesResponses, ListWebhookEventTypesErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListWebhookEventTypesResponses, ListWebhookEventTypesErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/event-types',
            ...options
        });
    }
    
    /**
     * Delete a webhook
     *
     * Its log goes with it, and what was not delivered yet.
     *
     * **Access:** permission `webhook:delete`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public deleteWebhook<ThrowOnError extends boolean = true>(options: Options<DeleteWebhookData, ThrowOnError>): RequestResult<DeleteWebhookResponses, DeleteWebhookErrors, ThrowOnError> {
        return (options.client ?? this.client).delete<DeleteWebhookResponses, DeleteWebhookErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}',
            ...options
        });
    }
    
    /**
     * Read a webhook
     *
     * With the ETag that changes of it ask for; without its secrets.
     *
     * **Access:** permission `webhook:read`, by a session or an API key.
     */
    public getWebhook<ThrowOnError extends boolean = true>(options: Options<GetWebhookData, ThrowOnError>): RequestResult<GetWebhookResponses, GetWebhookErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetWebhookResponses, GetWebhookErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}',
            ...options
        });
    }
    
    /**
     * Change a webhook, disable it or make it active again
     *
     * Fields that are left out stay as they are. What waits for its next attempt goes to the new URL.
     *
     * **Access:** permission `webhook:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public updateWebhook<ThrowOnError extends boolean = true>(options: Options<UpdateWebhookData, ThrowOnError>): RequestResult<UpdateWebhookResponses, UpdateWebhookErrors, ThrowOnError> {
        return (options.client ?? this.client).patch<UpdateWebhookResponses, UpdateWebhookErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Give a webhook a new secret
     *
     * Both sign each message until the overlap is over. The new one is shown once.
     *
     * The answer holds a secret that is shown this once: repeated under the same Idempotency-Key, the request is 409 `secret_shown_once`.
     *
     * **Access:** permission `webhook:update`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public rotateWebhookSecret<ThrowOnError extends boolean = true>(options: Options<RotateWebhookSecretData, ThrowOnError>): RequestResult<RotateWebhookSecretResponses, RotateWebhookSecretErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RotateWebhookSecretResponses, RotateWebhookSecretErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}/rotate-secret',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Send a message of the type webhook.test
     *
     * Answers the delivery, which says a moment later what became of it.
     *
     * **Access:** permission `webhook:update`, by a session or an API key.
     */
    public testWebhook<ThrowOnError extends boolean = true>(options: Options<TestWebhookData, ThrowOnError>): RequestResult<TestWebhookResponses, TestWebhookErrors, ThrowOnError> {
        return (options.client ?? this.client).post<TestWebhookResponses, TestWebhookErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}/test',
            ...options
        });
    }
    
    /**
     * List what was sent to a webhook, newest first
     *
     * Kept for 30 days.
     *
     * **Access:** permission `webhook:read`, by a session or an API key.
     */
    public listWebhookDeliveries<ThrowOnError extends boolean = true>(options: Options<ListWebhookDeliveriesData, ThrowOnError>): RequestResult<ListWebhookDeliveriesResponses, ListWebhookDeliveriesErrors, ThrowOnError> {
        return (options.client ?? this.client).get<ListWebhookDeliveriesResponses, ListWebhookDeliveriesErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}/deliveries',
            ...options
        });
    }
    
    /**
     * Read a delivery, with what was sent
     *
     * With the tries so far: status and a code of the failure, nothing of what was answered.
     *
     * **Access:** permission `webhook:read`, by a session or an API key.
     */
    public getWebhookDelivery<ThrowOnError extends boolean = true>(options: Options<GetWebhookDeliveryData, ThrowOnError>): RequestResult<GetWebhookDeliveryResponses, GetWebhookDeliveryErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetWebhookDeliveryResponses, GetWebhookDeliveryErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}/deliveries/{deliveryId}',
            ...options
        });
    }
    
    /**
     * Send a message once more
     *
     * Under the same webhook-id, to the URL that the webhook has now. Answers the new delivery.
     *
     * **Access:** permission `webhook:update`, by a session or an API key.
     */
    public replayWebhookDelivery<ThrowOnError extends boolean = true>(options: Options<ReplayWebhookDeliveryData, ThrowOnError>): RequestResult<ReplayWebhookDeliveryResponses, ReplayWebhookDeliveryErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ReplayWebhookDeliveryResponses, ReplayWebhookDeliveryErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/webhooks/{id}/deliveries/{deliveryId}/replay',
            ...options
        });
    }
    
    /**
     * List background jobs, newest first
     *
     * One’s own; with job:read everybody’s here; an API key without it: its own. Those that are over are kept for a month.
     *
     * **Access:** every member of the tenant, by a session or an API key.
     */
    public listJobs<ThrowOnError extends boolean = true>(options?: Options<ListJobsData, ThrowOnError>): RequestResult<ListJobsResponses, ListJobsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListJobsResponses, ListJobsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/jobs',
            ...options
        });
    }
    
    /**
     * Read a background job
     *
     * How far it is; one’s own, or with job:read anybody’s here; an API key without it: its own.
     *
     * **Access:** every member of the tenant, by a session or an API key.
     */
    public getJob<ThrowOnError extends boolean = true>(options: Options<GetJobData, ThrowOnError>): RequestResult<GetJobResponses, GetJobErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetJobResponses, GetJobErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/jobs/{id}',
            ...options
        });
    }
    
    /**
     * Run a dead background job once more
     *
     * For whom it was made by, with what they may do by then. An API key runs again what it put off itself.
     *
     * **Access:** permission `job:update`, by a session or an API key.
     */
    public retryJob<ThrowOnError extends boolean = true>(options: Options<RetryJobData, ThrowOnError>): RequestResult<RetryJobResponses, RetryJobErrors, ThrowOnError> {
        return (options.client ?? this.client).post<RetryJobResponses, RetryJobErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/jobs/{id}/retry',
            ...options
        });
    }
    
    /**
     * List the signed checkpoints of the log, newest first
     *
     * Whoever keeps one elsewhere can show later that nothing it covers has changed.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public listAuditCheckpoints<ThrowOnError extends boolean = true>(options?: Options<ListAuditCheckpointsData, ThrowOnError>): RequestResult<ListAuditCheckpointsResponses, ListAuditCheckpointsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListAuditCheckpointsResponses, ListAuditCheckpointsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/checkpoints',
            ...options
        });
    }
    
    /**
     * Prove that the log of one size begins with the log of a smaller one
     *
     * A consistency proof (RFC 9162 section 2.1.4), for whoever kept an older checkpoint.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public proveAuditConsistency<ThrowOnError extends boolean = true>(options: Options<ProveAuditConsistencyData, ThrowOnError>): RequestResult<ProveAuditConsistencyResponses, ProveAuditConsistencyErrors, ThrowOnError> {
        return (options.client ?? this.client).get<ProveAuditConsistencyResponses, ProveAuditConsistencyErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/consistency',
            ...options
        });
    }
    
    /**
     * List the keys that checkpoints are verified with
     *
     * Compare them with keys that you were given in another way: a log proves nothing about its own keys.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public listAuditKeys<ThrowOnError extends boolean = true>(options?: Options<ListAuditKeysData, ThrowOnError>): RequestResult<ListAuditKeysResponses, ListAuditKeysErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListAuditKeysResponses, ListAuditKeysErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/keys',
            ...options
        });
    }
    
    /**
     * Download the program that checks an export offline: one file for Node, without dependencies
     *
     * It is the same file in every installation of a version. Take it from elsewhere if you trust this server as little as its log.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public downloadAuditVerifier<ThrowOnError extends boolean = true>(options?: Options<DownloadAuditVerifierData, ThrowOnError>): RequestResult<DownloadAuditVerifierResponses, DownloadAuditVerifierErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<DownloadAuditVerifierResponses, DownloadAuditVerifierErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/verifier',
            ...options
        });
    }
    
    /**
     * Export the whole log, with what proves it
     *
     * A stream of JSON lines (docs/audit-format.md), up to the latest checkpoint. It needs audit:read, too. One that lacks its last line, `end`, was cut: because the caller may not read any more, or because something failed.
     *
     * **Limit of its own:** 6 requests a minute, unless set otherwise.
     *
     * **Access:** permission `audit:export`, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public exportAuditLog<ThrowOnError extends boolean = true>(options?: Options<ExportAuditLogData, ThrowOnError>): RequestResult<ExportAuditLogResponses, ExportAuditLogErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ExportAuditLogResponses, ExportAuditLogErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/export',
            ...options
        });
    }
    
    /**
     * List what was done in this tenant, newest first
     *
     * Refusals and failures are there, too, and what operators of the installation did to this tenant.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public listAuditLog<ThrowOnError extends boolean = true>(options?: Options<ListAuditLogData, ThrowOnError>): RequestResult<ListAuditLogResponses, ListAuditLogErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListAuditLogResponses, ListAuditLogErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log',
            ...options
        });
    }
    
    /**
     * Read an entry, with every row that changed with it
     *
     * What changed stands there as it was before and after, with secrets masked.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public getAuditEntry<ThrowOnError extends boolean = true>(options: Options<GetAuditEntryData, ThrowOnError>): RequestResult<GetAuditEntryResponses, GetAuditEntryErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetAuditEntryResponses, GetAuditEntryErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/{id}',
            ...options
        });
    }
    
    /**
     * Prove that an entry is in the log that the latest checkpoint signs
     *
     * 409 `not_sealed_yet` in the first second or so of an entry: Retry-After says when to ask again.
     *
     * **Access:** permission `audit:read`, by a session or an API key.
     */
    public proveAuditEntry<ThrowOnError extends boolean = true>(options: Options<ProveAuditEntryData, ThrowOnError>): RequestResult<ProveAuditEntryResponses, ProveAuditEntryErrors, ThrowOnError> {
        return (options.client ?? this.client).get<ProveAuditEntryResponses, ProveAuditEntryErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }, {
                    key: 'apiKey',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/audit-log/{id}/proof',
            ...options
        });
    }
    
    /**
     * List all tenants, newest first
     *
     * Suspended ones, too. Reading the list is recorded.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public listPlatformTenants<ThrowOnError extends boolean = true>(options?: Options<ListPlatformTenantsData, ThrowOnError>): RequestResult<ListPlatformTenantsResponses, ListPlatformTenantsErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ListPlatformTenantsResponses, ListPlatformTenantsErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants',
            ...options
        });
    }
    
    /**
     * Make a tenant and invite its first owner
     *
     * The tenant, its standard roles and the invitation come into being together, and the mail goes after that.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public provisionTenant<ThrowOnError extends boolean = true>(options: Options<ProvisionTenantData, ThrowOnError>): RequestResult<ProvisionTenantResponses, ProvisionTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ProvisionTenantResponses, ProvisionTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Read a tenant
     *
     * What operators may know of it: no record of its business. Reading it is recorded, in its own log too.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public getPlatformTenant<ThrowOnError extends boolean = true>(options: Options<GetPlatformTenantData, ThrowOnError>): RequestResult<GetPlatformTenantResponses, GetPlatformTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetPlatformTenantResponses, GetPlatformTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}',
            ...options
        });
    }
    
    /**
     * Suspend a tenant
     *
     * Every session in it is refused from its next statement on. Doing it again changes nothing.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public suspendTenant<ThrowOnError extends boolean = true>(options: Options<SuspendTenantData, ThrowOnError>): RequestResult<SuspendTenantResponses, SuspendTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).post<SuspendTenantResponses, SuspendTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/suspend',
            ...options
        });
    }
    
    /**
     * Resume a suspended tenant
     *
     * Sessions that have not ended meanwhile go on. Doing it again changes nothing.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public resumeTenant<ThrowOnError extends boolean = true>(options: Options<ResumeTenantData, ThrowOnError>): RequestResult<ResumeTenantResponses, ResumeTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ResumeTenantResponses, ResumeTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/resume',
            ...options
        });
    }
    
    /**
     * Invite the first owner of a tenant anew
     *
     * For an invitation that expired or went to a wrong address: the new one takes its place, and its link is dead. Once somebody has accepted, it is 409 `tenant_has_owner`: from then on ownership is the tenant’s own affair.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public inviteTenantOwner<ThrowOnError extends boolean = true>(options: Options<InviteTenantOwnerData, ThrowOnError>): RequestResult<InviteTenantOwnerResponses, InviteTenantOwnerErrors, ThrowOnError> {
        return (options.client ?? this.client).post<InviteTenantOwnerResponses, InviteTenantOwnerErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/invite-owner',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Have a tenant exported, whole
     *
     * A worker does it as whoever asked, if they are an operator by then. The archive is kept for 7 days. While an export or an erasure of the tenant is under way, it is 409 `tenant_archive_under_way`.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public exportTenant<ThrowOnError extends boolean = true>(options: Options<ExportTenantData, ThrowOnError>): RequestResult<ExportTenantResponses, ExportTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).post<ExportTenantResponses, ExportTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/exports',
            ...options
        });
    }
    
    /**
     * Read how an export goes
     *
     * Ask until it is `done` or `failed`; then download it before `expiresAt`.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public getTenantExport<ThrowOnError extends boolean = true>(options: Options<GetTenantExportData, ThrowOnError>): RequestResult<GetTenantExportResponses, GetTenantExportErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetTenantExportResponses, GetTenantExportErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/exports/{exportId}',
            ...options
        });
    }
    
    /**
     * Get a URL for the archive of an export
     *
     * It is for whoever asked, and good for a minute unless the installation says otherwise.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public downloadTenantExport<ThrowOnError extends boolean = true>(options: Options<DownloadTenantExportData, ThrowOnError>): RequestResult<unknown, DownloadTenantExportErrors, ThrowOnError> {
        return (options.client ?? this.client).get<unknown, DownloadTenantExportErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/exports/{exportId}/download',
            ...options
        });
    }
    
    /**
     * Have a suspended tenant erased, for good
     *
     * As an export: by a worker, as whoever asked. What went is certified.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public eraseTenant<ThrowOnError extends boolean = true>(options: Options<EraseTenantData, ThrowOnError>): RequestResult<EraseTenantResponses, EraseTenantErrors, ThrowOnError> {
        return (options.client ?? this.client).post<EraseTenantResponses, EraseTenantErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/tenants/{id}/erasure',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Read how an erasure goes, and its certificate
     *
     * The certificate says what went and what stays. It is kept when nothing else of the tenant is.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public getTenantErasure<ThrowOnError extends boolean = true>(options: Options<GetTenantErasureData, ThrowOnError>): RequestResult<GetTenantErasureResponses, GetTenantErasureErrors, ThrowOnError> {
        return (options.client ?? this.client).get<GetTenantErasureResponses, GetTenantErasureErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/erasures/{id}',
            ...options
        });
    }
    
    /**
     * Have the database examined
     *
     * The report of `ringfence doctor` on the live catalogue: row level security, fences, roles, functions, drift. It takes a second or more. Reading it is recorded.
     *
     * **Access:** operators of the installation, by a session; an API key is refused. The session must stand at AAL2: a second factor.
     */
    public getIsolationReport<ThrowOnError extends boolean = true>(options?: Options<GetIsolationReportData, ThrowOnError>): RequestResult<GetIsolationReportResponses, GetIsolationReportErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<GetIsolationReportResponses, GetIsolationReportErrors, ThrowOnError>({
            security: [{
                    key: 'accessToken',
                    scheme: 'bearer',
                    type: 'http'
                }],
            url: '/v1/platform/isolation',
            ...options
        });
    }
    
    /**
     * Public keys that verify access tokens
     *
     * Choose by `kid`. A new key is here before it signs, an old one until its last token has expired.
     *
     * **Access:** anybody.
     */
    public getJwks<ThrowOnError extends boolean = true>(options?: Options<GetJwksData, ThrowOnError>): RequestResult<GetJwksResponses, GetJwksErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<GetJwksResponses, GetJwksErrors, ThrowOnError>({ url: '/.well-known/jwks.json', ...options });
    }
    
    /**
     * The process answers
     *
     * For a restart by whoever runs it: asks nothing but the process itself.
     *
     * **Access:** anybody.
     */
    public livez<ThrowOnError extends boolean = true>(options?: Options<LivezData, ThrowOnError>): RequestResult<LivezResponses, LivezErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<LivezResponses, LivezErrors, ThrowOnError>({ url: '/livez', ...options });
    }
    
    /**
     * The process can serve: its database and its store of files answer
     *
     * For a load balancer. 503 `not_ready` names what cannot be reached.
     *
     * **Access:** anybody.
     */
    public readyz<ThrowOnError extends boolean = true>(options?: Options<ReadyzData, ThrowOnError>): RequestResult<ReadyzResponses, ReadyzErrors, ThrowOnError> {
        return (options?.client ?? this.client).get<ReadyzResponses, ReadyzErrors, ThrowOnError>({ url: '/readyz', ...options });
    }
}
