"""Emoji by name: the short codes, and what they are called in Chinese, as written or as it sounds."""

from functools import cache

from terrace.kernel import words
from terrace.kernel.markup.emoji import EMOJI

_CHINESE = """
👍 赞 点赞 大拇指|👎 踩 差评|👌 好的 没问题|👏 鼓掌 拍手|👋 挥手 再见 你好|🙏 拜托 感谢 祈祷|💪 加油 肌肉|🙌 举手 欢呼
🤝 握手|✌️ 胜利 耶|☝️ 食指|👇 向下指|👈 向左指|👉 向右指|✊ 拳头|👊 碰拳|✍️ 写字|👀 围观 看|🧠 大脑|❤️ 爱心 红心|🧡 橙心
💛 黄心|💚 绿心|💙 蓝心|💜 紫心|🖤 黑心|💔 心碎|💖 闪亮的心|😄 大笑 笑|😃 开心|😁 露齿笑 嘿嘿|😆 眯眼笑|😂 笑哭|🤣 笑翻
😅 尴尬笑 汗|🙂 微笑|🙃 倒脸|😉 眨眼|😊 脸红笑|😇 天使|😍 花痴 色|🤩 追星 星星眼|😘 飞吻|😋 好吃|😛 吐舌|🤪 搞怪|🤑 财迷
🤗 抱抱|🤔 思考 疑问|🤐 闭嘴|🤨 怀疑|😐 面无表情|😑 无语|😶 沉默|😏 得意 坏笑|😒 不屑|🙄 白眼|😬 龇牙|🤥 说谎|😌 放心
😔 沮丧 失落|😪 困|🤤 流口水|😴 睡觉|😷 口罩|🤒 生病 发烧|🤮 呕吐|🤧 打喷嚏 感冒|🥵 热|🥶 冷|😵 头晕|🤯 爆炸头 震惊
🥳 庆祝 派对脸|😎 酷 墨镜|🤓 书呆子|😕 困惑|😟 担心|😮 惊讶|😲 吃惊|😳 脸红 害羞|🥺 可怜 求求|😨 害怕|😰 冷汗|😢 哭 流泪
😭 大哭|😱 惊恐|😖 纠结|😞 失望|😓 流汗|😩 疲惫|😫 累|🥱 哈欠|😤 生气 哼|😡 愤怒|😠 恼火|💀 骷髅|💩 便便|🤡 小丑|👻 鬼
👽 外星人|🤖 机器人|🙈 不看|🙉 不听|🙊 不说|🤦 捂脸|🤷 摊手 耸肩|🔥 火 热门|✨ 闪亮|⭐ 星星|🌟 闪星|💥 爆炸|⚡ 闪电|💯 满分
🎉 撒花 庆祝|🎊 彩球|🎁 礼物|🎈 气球|🎂 生日蛋糕|🏆 奖杯|🏅 奖牌|🥇 金牌 第一|🥈 银牌 第二|🥉 铜牌 第三|👑 皇冠|💎 钻石|💰 钱袋
🧧 红包|🪙 硬币 金币|🚀 火箭|💡 灯泡 主意|🐛 虫子 缺陷|🔧 扳手|🔨 锤子|⚙️ 齿轮 设置|🔒 锁|🔓 开锁|🔑 钥匙|🔔 铃铛|🔕 静音
🔍 放大镜 搜索|📌 图钉|📎 回形针|🔗 链接|📝 备忘 笔记|✏️ 铅笔|📖 书|📚 一摞书|🔖 书签|📅 日历|📈 图表 上涨|📋 剪贴板|📧 邮件
📱 手机|💻 电脑 笔记本|🖥️ 台式机|📺 电视|📷 相机 拍照|📹 摄像机|🎧 耳机|⌚ 手表|🔋 电池|🔌 插头 充电|📡 卫星 天线|⌛ 沙漏
⏰ 闹钟|✅ 完成 对勾|✔️ 对|❌ 错 叉|⚠️ 警告 注意|❓ 问号|❗ 叹号|⛔ 禁止|♻️ 回收|🆕 新|🆗 好|🆘 求救|🆙 升级|🔜 即将
⬆️ 上|⬇️ 下|⬅️ 左|➡️ 右|☀️ 太阳 晴|☁️ 云 多云|🌈 彩虹|☔ 雨伞 下雨|❄️ 雪花|⛄ 雪人|🌙 月亮|🌏 地球|🌸 樱花|🌹 玫瑰|🌷 郁金香
🍀 四叶草 幸运|🍁 枫叶|🌱 新芽|🌵 仙人掌|🐶 狗|🐱 猫|🐼 熊猫|🐰 兔子|🐯 老虎|🐮 牛|🐷 猪|🐔 鸡|🐉 龙|🦄 独角兽|🐢 乌龟
🐟 鱼|🐳 鲸鱼|🍈 甜瓜|🍉 西瓜 吃瓜|🍋 柠檬|🍑 桃子|🍿 爆米花|🍕 比萨|🍔 汉堡|🍜 面条 拉面|🍚 米饭|🥟 饺子|🍲 火锅|🍰 蛋糕
☕ 咖啡|🍵 茶|🍺 啤酒|🍻 干杯|🍷 红酒|⚽ 足球|🏀 篮球|🎮 游戏|🎯 靶心 命中|🎲 骰子|🎵 音乐|🎤 话筒|🚗 汽车|🚲 自行车
🚆 火车|✈️ 飞机|🏠 房子 家|🏙️ 城市|🏥 医院|🏫 学校|🇨🇳 中国
"""


@cache
def _named() -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """(emoji, first short code, all that is written, all that is heard) of each emoji, in the order of the table."""
    entries = (entry.split(" ") for line in _CHINESE.strip().split("\n") for entry in line.split("|"))
    chinese = {sign: tuple(names) for sign, *names in entries}
    codes: dict[str, list[str]] = {}
    for code, sign in EMOJI.items():
        codes.setdefault(sign, []).append(code)
    return [
        (sign, own[0], (*own, *chinese.get(sign, ())), _heard(chinese.get(sign, ()))) for sign, own in codes.items()
    ]


def _heard(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(form for name in names for form in (words.pinyin(name), words.pinyin_initials(name)))


def find_emoji(typed: str, *, chinese: bool, most: int) -> list[tuple[str, str]]:
    """Return (emoji, its name) of what begins with `typed`, then of what holds it; the name is Chinese where that is wanted."""
    key = words.fold(typed.strip())
    if not key:
        return []
    found: list[tuple[int, int, str, str]] = []
    for place, (sign, code, written, heard) in enumerate(_named()):
        rank = _rank(key, written, heard)
        if rank is not None:
            name = next((each for each in written if not each.isascii()), code) if chinese else code
            found.append((rank, place, sign, name))
    return [(sign, name) for _rank_, _place, sign, name in sorted(found)[:most]]


def _rank(key: str, written: tuple[str, ...], heard: tuple[str, ...]) -> int | None:
    if key in written:
        return 0
    if any(each.startswith(key) for each in written):
        return 1
    if any(each.startswith(key) for each in heard):
        return 2
    return 3 if len(key) > 1 and any(key in each for each in written) else None
