import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';

/** An approval was decided, and that is committed. */
export interface Decided {
  approvalId: string;
  verdict: string;
}

/** For whoever in this process wants to know at once, and can do without: a screen, a cache, a counter. */
@Injectable()
export class ApprovalFeed {
  readonly decided = new Subject<Decided>();
}
