export { APPROVALS_ALLOWED } from './approvals.allowed.js';
export { ApprovalFeed, type Decided } from './approvals.feed.js';
export { ApprovalsModule } from './approvals.module.js';
export { approvalsPlatform } from './approvals.platform.js';
export { RemindOfApproval } from './approvals.reminder.js';
