import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ClsModule } from 'nestjs-cls';
import { Config, KeyRing } from './config/index.js';
import { Clock, RequestContext } from './context/index.js';
import { Cursors } from './route/index.js';

/** What every module may inject: the configuration, the key ring, the request's context, the cursors. */
@Global()
@Module({})
export class CoreModule {
  static with(config: Config, ring: KeyRing): DynamicModule {
    return {
      module: CoreModule,
      imports: [ClsModule.forRoot({ global: true, middleware: { mount: false } })],
      providers: [
        { provide: Config, useValue: config },
        { provide: KeyRing, useValue: ring },
        { provide: Cursors, useValue: new Cursors(ring.derive('list-cursor')) },
        Clock,
        RequestContext,
      ],
      exports: [Config, KeyRing, Cursors, Clock, RequestContext],
    };
  }
}
