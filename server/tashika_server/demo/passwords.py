"""Passwords for the demo's people: made anew at each start, easy to type, shown once."""

import secrets

_WORDS = (
    "aisatsu akari ame asagao asahi awaji biwa botan chidori dango daruma densha ebisu enoki fuji fukuro furin "
    "fusuma futon genkan ginkgo goma hagi hako hanabi haru hashi hato hayashi himawari hinoki hotaru ichigo iruka "
    "iwashi izumi jinja kabuto kaede kaki kame kani kasumi katana kawa kaze keyaki kiku kinoko kitsune koala koi "
    "komachi kotatsu kujira kumo kurage kuri kuruma kusa maguro manju matsu megane mikan minato miso mochi momiji "
    "momo mori mugi musashi nagisa nami nasu natsu neko nezumi niji niwa nori oka onigiri origami otome ramune "
    "renge ringo rokugatsu sakana sakura sango sasa sato sembei shika shima shiro shoji soba sora suika sumire "
    "suzume taiko take tako tanabata tanuki tatami tombo tora tsubaki tsubame tsuki tsuru ume umi uchiwa usagi "
    "wakaba wakame wasabi yama yanagi yuki yume yuri yuzu zakuro zenmai"
).split()

# Three words and four digits are 34 bits, tried against a server that slows guessing down, for as long as a
# demo runs.
_WORDS_EACH = 3
_DIGITS = 10_000


def memorable_password() -> str:
    """Make a password such as `sakura-tanuki-minato-0427`."""
    words = [secrets.choice(_WORDS) for _ in range(_WORDS_EACH)]
    return "-".join((*words, f"{secrets.randbelow(_DIGITS):04d}"))
