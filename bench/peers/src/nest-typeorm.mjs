/**
 * What people have today: Nest, Express, passport-jwt, ValidationPipe and a TypeORM repository with the tenant in its
 * WHERE. No transaction, no row level security; the role bypasses it. Decorators are applied as functions, since this
 * file is not compiled; what Nest and TypeORM see is the same.
 */
import 'reflect-metadata';
import {
  Controller,
  createParamDecorator,
  Get,
  Injectable,
  Module,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { createHash, createPublicKey } from 'node:crypto';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { DataSource, EntitySchema } from 'typeorm';
import { recall, remember, sealCursor, settings } from './token.mjs';

const decorate = (target, name, ...decorators) => {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  for (const decorator of decorators) decorator(target, name, descriptor);
};

class Deal {}
const column = (name, type) => ({ name, type });
const DealSchema = new EntitySchema({
  name: 'Deal',
  target: Deal,
  tableName: 'deals',
  columns: {
    tenantId: { ...column('tenant_id', 'uuid'), primary: true },
    id: { type: 'uuid', primary: true },
    ownerId: column('owner_id', 'uuid'),
    ownerRoleId: column('owner_role_id', 'uuid'),
    title: { type: 'text' },
    amount: { type: 'numeric' },
    currency: { type: 'text' },
    stage: { type: 'text' },
    visibility: { type: 'text' },
    version: { type: 'int' },
    createdAt: column('created_at', 'timestamptz'),
    updatedAt: column('updated_at', 'timestamptz'),
  },
});

const source = new DataSource({
  type: 'postgres',
  url: settings.databaseUrl,
  schema: 'app',
  entities: [DealSchema],
  poolSize: settings.poolSize,
  logging: false,
  installExtensions: false,
});
await source.initialize();
const repository = source.getRepository(Deal);

class DealView {
  constructor({ id, title, amount, currency, stage, visibility, ownerId, createdAt, updatedAt }) {
    Object.assign(this, { id, title, amount, currency, stage, visibility, ownerId, createdAt, updatedAt });
  }
}

class ListQuery {
  limit = 20;
}
decorate(
  ListQuery.prototype,
  'limit',
  IsOptional(),
  Type(() => Number),
  IsInt(),
  Min(1),
  Max(100),
);

class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      passReqToCallback: true,
      algorithms: ['ES256'],
      issuer: settings.issuer,
      audience: settings.issuer,
      secretOrKey: createPublicKey({ key: settings.jwks.keys[0], format: 'jwk' }),
    });
  }

  validate(request, payload) {
    return remember(createHash('sha256').update(request.headers.authorization.slice(7)).digest('base64url'), payload);
  }
}
Injectable()(JwtStrategy);

class JwtGuard extends AuthGuard('jwt') {
  async canActivate(context) {
    const request = context.switchToHttp().getRequest();
    const known = recall(request.headers.authorization?.slice(7) ?? '');
    if (known) request.user = known;
    else if (!(await super.canActivate(context))) throw new UnauthorizedException();
    return true;
  }
}
Injectable()(JwtGuard);

const User = createParamDecorator((_, context) => context.switchToHttp().getRequest().user);

class DealsService {
  async list(tenantId, limit) {
    const rows = await repository.find({ where: { tenantId }, order: { id: 'DESC' }, take: limit + 1 });
    const items = rows.slice(0, limit).map((row) => new DealView(row));
    return { items, nextCursor: rows.length > limit ? sealCursor(items.at(-1).id, tenantId) : null };
  }
}
Injectable()(DealsService);

class DealsController {
  constructor(deals) {
    this.deals = deals;
  }

  list(user, query) {
    return this.deals.list(user.tenantId, query.limit);
  }
}
Reflect.defineMetadata('design:paramtypes', [DealsService], DealsController);
Reflect.defineMetadata('design:paramtypes', [Object, ListQuery], DealsController.prototype, 'list');
decorate(DealsController.prototype, 'list', Get(), UseGuards(JwtGuard));
User()(DealsController.prototype, 'list', 0);
Query()(DealsController.prototype, 'list', 1);
Controller('v1/deals')(DealsController);

class AppModule {}
Module({ controllers: [DealsController], providers: [DealsService, JwtStrategy, JwtGuard] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
await app.listen(settings.port, '127.0.0.1');
