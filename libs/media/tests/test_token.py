import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_media.token import BadToken, TokenSigner

signer = TokenSigner(b"a secret of some length")
token = signer.seal("videos/v/a/video.mp4", ttl_s=60, content_type="video/mp4", filename=None)


@given(filename=st.none() | st.text(), key=st.text(min_size=1), ttl_s=st.integers(1, 10**6))
def test_a_token_opens_to_what_was_sealed(key, filename, ttl_s):
    opened = signer.open(signer.seal(key, ttl_s=ttl_s, content_type="video/mp4", filename=filename))
    assert (opened.key, opened.filename, opened.content_type) == (key, filename, "video/mp4")


@given(position=st.integers(0, len(token) - 1), letter=st.sampled_from(string.ascii_letters + string.digits + "-_.="))
def test_no_changed_letter_passes(position, letter):
    changed = token[:position] + letter + token[position + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            signer.open(changed)


@given(st.text())
def test_nothing_else_passes(text):
    with pytest.raises(BadToken):
        signer.open(text)


def test_an_expired_token_says_so():
    with pytest.raises(BadToken, match="expired"):
        signer.open(signer.seal("a", ttl_s=-1, content_type="video/mp4", filename=None))


def test_another_secret_opens_nothing():
    with pytest.raises(BadToken):
        TokenSigner(b"another").open(token)


def test_a_url_leads_back_to_its_object(media):
    url = media.sign("a/b.mp4", ttl_s=60, content_type="video/mp4", filename="My film.mp4")
    assert url.startswith("http://localhost:8000/media/")
    assert media.open_token(url.rsplit("/", 1)[1]).key == "a/b.mp4"


def test_while_the_secret_is_renewed_links_of_both_open():
    old, new = TokenSigner(b"o" * 32), TokenSigner(b"n" * 32 + b" " + b"o" * 32)
    links = [signer.seal("a.mp4", ttl_s=60, content_type="video/mp4", filename=None) for signer in (old, new)]
    assert [new.open(link).key for link in links] == ["a.mp4", "a.mp4"]
    with pytest.raises(BadToken):
        old.open(links[1])
