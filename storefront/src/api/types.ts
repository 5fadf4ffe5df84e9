/** The names this storefront uses for what the commerce API sends. Generated types stay behind this file. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Money = Schemas["Money"];
export type Price = Schemas["Price"];
export type PriceTier = Schemas["PriceTier"];
export type Picture = Schemas["ImageSet"];

export type Market = Schemas["Market"];
export type Category = Schemas["Category"];
export type CategoryDetail = Omit<Schemas["CategoryDetail"], "body"> & { body: StoryBlock[] };
export type Brand = Schemas["Brand"];
export type Collection = Schemas["Collection"];
export type ProductAttribute = Schemas["ProductAttribute"];
export type CategoryLink = Schemas["CategoryReference"];
export type ProductCard = Schemas["ProductCard"];
export type ProductList = Schemas["ProductPage"];
export type ProductOption = Schemas["ProductOption"];
export type ProductOptionValue = Schemas["ProductOptionValue"];
export type Variant = Schemas["Variant"];

/** The schema leaves a block's value open; these are the blocks that editors have. */
export type StoryBlock = { id: string | null } & (
  | { type: "heading" | "paragraph"; value: string }
  | { type: "image"; value: Picture & { caption?: string } }
  | { type: "quote"; value: { text: string; attribution: string } }
);
export type ProductDetail = Omit<Schemas["ProductDetail"], "story"> & { story: StoryBlock[] };

export type Cart = Schemas["Cart"];
export type CartLine = Schemas["CartLine"];
export type CartCredit = Schemas["CartCredit"];
export type CartChange = Schemas["CartChange"];
export type CartAddress = Schemas["ContactAddressRequest"];
export type PostalAddress = Schemas["AddressRequest"];
export type ResumeLink = Schemas["ResumeLink"];
export type ResumedCart = Schemas["ResumedCart"];
export type Reordered = Schemas["Reordered"];
export type LeftOut = Schemas["LeftOut"];
export type ShippingOption = Schemas["ShippingOption"];

export type StockWait = Schemas["StockWait"];
export type Quote = Schemas["Quote"];
export type QuoteLine = Schemas["QuoteLine"];
export type QuoteDiscount = Schemas["QuoteDiscount"];
export type PickupPoint = Schemas["PickupPoint"];
export type ShippingProblem = Schemas["ShippingProblem"];
export type QuotePromotion = Schemas["QuotePromotion"];
export type ExplainedQuote = Schemas["ExplainedQuote"];
export type Explanation = Schemas["Explanation"];
export type Checkout = Schemas["Checkout"];
export type PaymentMethod = Schemas["PaymentMethod"];
export type PaymentMethodCode = PaymentMethod["code"];
export type Order = Schemas["Order"];
export type AwaitedPayment = Schemas["AwaitedPayment"];
export type OrderLine = Schemas["OrderLine"];
export type Parcel = Schemas["Parcel"];
export type OrderRefund = Schemas["OrderRefund"];
export type OrderReturn = Schemas["Return"];
export type WantedReturn = Schemas["WantedReturnRequest"];
export type ReturnReason = WantedReturn["lines"][number]["reason"];
export type Invoice = Schemas["Invoice"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type BoughtGiftCard = Schemas["BoughtGiftCard"];
export type Download = Schemas["Download"];
export type ProblemDocument = Schemas["Problem"];

export type Page = Omit<Schemas["Page"], "blocks"> & { blocks: PageBlock[] };
export type PageLink = Schemas["Link"];
export type ArticleCard = Schemas["ArticleCard"];
export type ArticleList = Schemas["ArticlePage"];
export type MenuItem = Schemas["MenuItem"];
export type Site = Schemas["Site"];

/** Blocks of an unsaved draft have no id yet. The schema leaves their values open; docs/pages.md tells each. */
type Block<Type extends string, Value> = { type: Type; value: Value; id: string | null };

export type ButtonValue = { label: string; href: string };
export type HeroValue = { title: string; text: string; image: Picture | null; button: ButtonValue | null };
export type CaptionedPicture = Picture & { caption: string };
export type VideoValue = {
  title: string;
  address: string;
  provider: string;
  id: string;
  embed_url: string;
  poster: Picture | null;
};
export type CategoryTile = { slug: string; title: string; path: string; image: Picture | null };
export type ArticlesValue = { title: string; path: string; count: number; limit: number; articles: ArticleCard[] };

export type PageBlock =
  | Block<"hero", HeroValue>
  | Block<"rich_text", string>
  | Block<"quote", { text: string; attribution: string }>
  | Block<"button", ButtonValue>
  | Block<"faq", { title: string; questions: { question: string; answer: string }[] }>
  | Block<"newsletter", { title: string; text: string }>
  | Block<"image", CaptionedPicture>
  | Block<"gallery", { title: string; pictures: CaptionedPicture[] }>
  | Block<"video", VideoValue>
  | Block<"product", { product: ProductCard; text: string }>
  | Block<"products", { title: string; products: ProductCard[] }>
  | Block<"collection", { title: string; path: string; products: ProductCard[] }>
  | Block<"categories", { title: string; categories: CategoryTile[] }>
  | Block<"articles", ArticlesValue>;
