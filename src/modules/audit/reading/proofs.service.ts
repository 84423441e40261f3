import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../../context/index.js';
import { notFound, validationFailed } from '../../../errors/index.js';
import { Cursors, type Page } from '../../../route/index.js';
import { notSealedYet, sizeNotReached } from '../audit.problems.js';
import { canonicalJson } from '../proof/canonical.js';
import { consistencyProof, inclusionProof, type ReadNodes } from '../proof/merkle.js';
import { VerifierKeys } from '../proof/verifier-keys.js';
import type { ConsistencyQuery } from './dto/requests.js';
import type { AuditCheckpointView, AuditConsistencyView, AuditKeyView, AuditProofView } from './dto/responses.js';
import { ProofsRepository } from './proofs.repository.js';

/** The sealer comes by every second or so. */
const RETRY_SECONDS = 2;

/** What shows that the log is what it was: checkpoints, and proofs against them. */
@Injectable()
export class ProofsService {
  constructor(
    private readonly proofs: ProofsRepository,
    private readonly held: VerifierKeys,
    private readonly cursors: Cursors,
    private readonly context: RequestContext,
  ) {}

  /** @throws DomainError 404 for an entry that is not there, or of another tenant; 409 while it has no number */
  async inclusion(id: string): Promise<AuditProofView> {
    const found = await this.proofs.entry(id);
    if (!found) throw notFound();
    if (!found.sealed) throw notSealedYet(undefined, { retryAfterSeconds: RETRY_SECONDS });
    const { seq, hash, size, note } = found.sealed;
    const path = await inclusionProof(seq, size, this.read);
    const entry = canonicalJson({ ...found.document, seq });
    return { id, seq, size, entry, leafHash: base64(hash), inclusionPath: path.map(base64), checkpoint: note };
  }

  /** @throws DomainError 400 for sizes the wrong way round, 422 for a size that the log has not reached */
  async consistency({ from, to }: ConsistencyQuery): Promise<AuditConsistencyView> {
    if (from > to) throw validationFailed('from must not be larger than to.');
    const size = await this.proofs.size();
    if (to > size) throw sizeNotReached(`The log has ${size} numbered entries.`);
    return { from, to, path: (await consistencyProof(from, to, this.read)).map(base64) };
  }

  checkpoints(query: { limit: number; cursor?: string }): Promise<Page<AuditCheckpointView>> {
    const scope = { tenantId: this.context.principal.tenantId ?? '', list: 'audit-checkpoints' };
    return this.cursors.page(
      query,
      scope,
      (limit, below) => this.proofs.checkpoints(limit, below),
      ({ size }) => String(size),
    );
  }

  /** The keys that this server signs with, and those that have signed this log. */
  async keys(): Promise<{ items: AuditKeyView[] }> {
    const held = this.held.all();
    const others = (await this.proofs.keys(this.context.principal.tenantId ?? '')).filter((key) => !held.includes(key));
    return { items: [...held.map((key) => ({ key, held: true })), ...others.map((key) => ({ key, held: false }))] };
  }

  private readonly read: ReadNodes = (nodes) => this.proofs.nodes(nodes);
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');
