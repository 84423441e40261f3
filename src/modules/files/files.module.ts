import { type DynamicModule, Module } from '@nestjs/common';
import { JobsModule } from '../jobs/index.js';
import { CompletionService } from './completion.service.js';
import { FilesController } from './files.controller.js';
import { FilesRepository } from './files.repository.js';
import { FilesService } from './files.service.js';
import { FileScanner, Scans } from './scans.js';
import { UploadsController } from './uploads.controller.js';
import { UploadsService } from './uploads.service.js';

/** Files of records: who sees a record sees its files. */
@Module({})
export class FilesModule {
  /** @param storage where their bytes lie */
  static with(storage: DynamicModule): DynamicModule {
    return {
      module: FilesModule,
      imports: [storage, JobsModule],
      controllers: [FilesController, UploadsController],
      providers: [FilesService, UploadsService, CompletionService, FilesRepository, Scans, FileScanner],
    };
  }
}
