export { MfaModule } from './mfa.module.js';
export { plantTotp } from './totp/plant-totp.js';
