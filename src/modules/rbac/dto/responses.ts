import { ApiProperty } from '@nestjs/swagger';

export class PermissionView {
  @ApiProperty({ example: 'deal:read' }) code!: string;
  @ApiProperty() description!: string;
}

export class PermissionsResponse {
  @ApiProperty({ type: [PermissionView] }) items!: PermissionView[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

export class RoleDetails {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'sales-lead' }) slug!: string;
  @ApiProperty({ example: 'Sales lead' }) name!: string;
  @ApiProperty({ type: [String], description: 'Its own; it holds those of the roles below it, too.' })
  permissions!: string[];
  @ApiProperty({ type: [String], format: 'uuid', description: 'The roles right above it.' }) parentIds!: string[];
  @ApiProperty({ description: 'The owner role: above all others, with every permission, never changed.' })
  isRoot!: boolean;
}

export class RolePage {
  @ApiProperty({ type: [RoleDetails] }) items!: RoleDetails[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

/** A role as it is shown, with the version that its ETag says. */
export interface VersionedRole {
  role: RoleDetails;
  version: number;
}
