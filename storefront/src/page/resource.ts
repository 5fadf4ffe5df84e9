import { type Ref, ref, shallowRef, watch, type WatchSource } from "vue";

export type Resource<T> = {
  data: Ref<T | null>;
  error: Ref<unknown>;
  loading: Ref<boolean>;
  reload: () => Promise<void>;
};

/** Loads on set-up and whenever the source changes; an answer that was overtaken is dropped. */
export function useResource<T>(source: WatchSource<unknown>, load: () => Promise<T>): Resource<T> {
  const data = shallowRef<T | null>(null) as Ref<T | null>;
  const error = shallowRef<unknown>(null);
  const loading = ref(true);
  let latest = 0;

  async function reload(): Promise<void> {
    const mine = ++latest;
    loading.value = true;
    error.value = null;
    try {
      const fresh = await load();
      if (mine === latest) data.value = fresh;
    } catch (caught) {
      if (mine === latest) {
        data.value = null;
        error.value = caught;
      }
    } finally {
      if (mine === latest) loading.value = false;
    }
  }

  watch(source, reload, { immediate: true });
  return { data, error, loading, reload };
}
