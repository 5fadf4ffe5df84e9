/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_MAGPIE_API?: string;
  readonly VITE_MAGPIE_CMS_ORIGIN?: string;
}
