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
