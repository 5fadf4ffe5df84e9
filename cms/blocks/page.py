"""What pages are made of."""

from __future__ import annotations

from wagtail import blocks

from cms.blocks.media import GalleryBlock, HeroBlock, PictureBlock, VideoBlock
from cms.blocks.shop import ArticlesBlock, CategoriesBlock, CollectionBlock, ProductBlock, ProductsBlock
from cms.blocks.text import TEXT_FEATURES, ButtonBlock, NewsletterBlock, QuestionsBlock, QuoteBlock, RichText


class ArticleBlock(blocks.StreamBlock):
    rich_text = RichText(features=["h2", "h3", *TEXT_FEATURES], icon="pilcrow")
    quote = QuoteBlock()
    button = ButtonBlock()
    faq = QuestionsBlock()
    newsletter = NewsletterBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    video = VideoBlock()
    product = ProductBlock()
    products = ProductsBlock()
    collection = CollectionBlock()
    categories = CategoriesBlock()
    articles = ArticlesBlock()


class OpeningBlock(blocks.StreamBlock):
    hero = HeroBlock()


class PageBlock(ArticleBlock, OpeningBlock):
    """The opening stands first where a block is chosen."""
