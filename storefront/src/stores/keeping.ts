/**
 * What outlives a reload. A browser may refuse storage altogether (a frame on another site, a strict setting): the shop
 * then works until the page is left.
 */
type Kept = { get: () => string | null; set: (value: string) => void; clear: () => void };

export function kept(name: string, storage: () => Storage): Kept {
  const safely = <T>(act: (store: Storage) => T): T | null => {
    try {
      return act(storage());
    } catch {
      return null;
    }
  };
  return {
    get: () => safely((store) => store.getItem(name)),
    set: (value) => void safely((store) => store.setItem(name, value)),
    clear: () => void safely((store) => store.removeItem(name)),
  };
}
