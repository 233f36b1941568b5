"""Short codes of emoji (`:tada:`): about 150 of the names that chat programs share. Brackets like [doge] stay."""

_NAMES = """
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|wave 👋|pray 🙏|muscle 💪|raised_hands 🙌
handshake 🤝|v ✌️|point_up ☝️|point_down 👇|point_left 👈|point_right 👉|fist ✊|punch 👊
writing_hand ✍️|eyes 👀|brain 🧠|heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙
purple_heart 💜|black_heart 🖤|broken_heart 💔|sparkling_heart 💖|smile 😄|smiley 😃|grin 😁|laughing 😆
joy 😂|rofl 🤣|sweat_smile 😅|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|innocent 😇
heart_eyes 😍|star_struck 🤩|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|zany_face 🤪|money_mouth_face 🤑
hugs 🤗|thinking 🤔|zipper_mouth_face 🤐|raised_eyebrow 🤨|neutral_face 😐|expressionless 😑|no_mouth 😶
smirk 😏|unamused 😒|roll_eyes 🙄|grimacing 😬|lying_face 🤥|relieved 😌|pensive 😔|sleepy 😪
drooling_face 🤤|sleeping 😴|mask 😷|sick 🤒|vomiting 🤮|sneezing_face 🤧|hot_face 🥵|cold_face 🥶
dizzy_face 😵|exploding_head 🤯|partying_face 🥳|sunglasses 😎|nerd_face 🤓|confused 😕|worried 😟
open_mouth 😮|astonished 😲|flushed 😳|pleading_face 🥺|fearful 😨|cold_sweat 😰|cry 😢|sob 😭|scream 😱
confounded 😖|disappointed 😞|sweat 😓|weary 😩|tired_face 😫|yawning_face 🥱|triumph 😤|rage 😡|angry 😠
skull 💀|poop 💩|clown_face 🤡|ghost 👻|alien 👽|robot 🤖|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊
facepalm 🤦|shrug 🤷|fire 🔥|sparkles ✨|star ⭐|star2 🌟|boom 💥|zap ⚡|100 💯|tada 🎉|confetti_ball 🎊
gift 🎁|balloon 🎈|birthday 🎂|trophy 🏆|medal 🏅|first_place 🥇|second_place 🥈|third_place 🥉|crown 👑
gem 💎|moneybag 💰|red_envelope 🧧|coin 🪙|rocket 🚀|bulb 💡|bug 🐛|wrench 🔧|hammer 🔨|gear ⚙️|lock 🔒
unlock 🔓|key 🔑|bell 🔔|no_bell 🔕|mag 🔍|pushpin 📌|paperclip 📎|link 🔗|memo 📝|pencil ✏️|book 📖
books 📚|bookmark 🔖|calendar 📅|chart 📈|clipboard 📋|email 📧|phone 📱|iphone 📱|computer 💻|desktop 🖥️
tv 📺|camera 📷|video_camera 📹|headphones 🎧|watch ⌚|battery 🔋|electric_plug 🔌|satellite 📡|hourglass ⌛
alarm_clock ⏰|white_check_mark ✅|heavy_check_mark ✔️|x ❌|warning ⚠️|question ❓|exclamation ❗
no_entry ⛔|recycle ♻️|new 🆕|ok 🆗|sos 🆘|up 🆙|soon 🔜|arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️
arrow_right ➡️|sun ☀️|sunny ☀️|cloud ☁️|rainbow 🌈|umbrella ☔|snowflake ❄️|snowman ⛄|moon 🌙
earth_asia 🌏|cherry_blossom 🌸|rose 🌹|tulip 🌷|four_leaf_clover 🍀|maple_leaf 🍁|seedling 🌱|cactus 🌵
dog 🐶|cat 🐱|panda_face 🐼|rabbit 🐰|tiger 🐯|cow 🐮|pig 🐷|chicken 🐔|dragon 🐉|unicorn 🦄|turtle 🐢
fish 🐟|whale 🐳|melon 🍈|watermelon 🍉|lemon 🍋|peach 🍑|popcorn 🍿|pizza 🍕|hamburger 🍔|ramen 🍜|rice 🍚
dumpling 🥟|hotpot 🍲|cake 🍰|coffee ☕|tea 🍵|beer 🍺|beers 🍻|wine_glass 🍷|soccer ⚽|basketball 🏀
video_game 🎮|dart 🎯|game_die 🎲|musical_note 🎵|microphone 🎤|car 🚗|bike 🚲|train 🚆|airplane ✈️
house 🏠|city 🏙️|hospital 🏥|school 🏫|cn 🇨🇳
"""

EMOJI: dict[str, str] = dict(entry.split(" ", 1) for line in _NAMES.strip().split("\n") for entry in line.split("|"))  # type: ignore[misc]
