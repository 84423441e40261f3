import NodeEnvironment from 'jest-environment-node';
import vm from 'node:vm';
import { faultsByContract } from './contract-check.ts';

/*
 * Jest loads the application anew for each spec file, three thousand modules, and most of that is V8's work of compiling
 * them. What was compiled for one file is kept here as V8's cached data and given to it for the next.
 */
const kept = new Map();
const { compileFunction, SourceTextModule } = vm;

function cachedData(name, code) {
  const found = kept.get(name);
  return found?.code === code ? found.data : undefined;
}

vm.compileFunction = (code, parameters, options) => {
  const data = cachedData(options.filename, code);
  const made = compileFunction(code, parameters, { ...options, cachedData: data, produceCachedData: !data });
  if (made.cachedData) kept.set(options.filename, { code, data: made.cachedData });
  return made;
};

vm.SourceTextModule = class extends SourceTextModule {
  constructor(code, options) {
    const data = cachedData(options.identifier, code);
    super(code, { ...options, cachedData: data });
    if (!data) kept.set(options.identifier, { code, data: this.createCachedData() });
  }
};

/** Gives the spec files what is loaded once for all of them. */
export default class RingfenceEnvironment extends NodeEnvironment {
  constructor(...given) {
    super(...given);
    this.global.faultsByContract = faultsByContract;
  }
}
