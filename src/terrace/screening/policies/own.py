"""The words that come with the product: few, and such that people who talk about products do not use them.

`HOLD` stands for itself; `SIGNS` only count together with other signs (links, ways to reach somebody, a scraped text).
An operator who lists one of them, or a phrase around it, as “allow” takes it out.
"""

HOLD = """
娱乐城 博彩网 博彩公司 博彩平台 线上博彩 在线博彩 百家乐 六合彩 时时彩 幸运飞艇 北京赛车pk10 真人荷官 网上赌场 线上赌场 在线赌场 赌球网
体育投注 在线投注 投注平台 注册送彩金 送彩金 首存送 棋牌娱乐 电子游艺 新葡京 亚博体育 必威体育 皇冠体育 沙巴体育 太阳城娱乐 威尼斯人娱乐
永利娱乐 金沙娱乐 万博体育 开云体育 乐鱼体育 爱游戏体育 欧宝体育 澳门银河娱乐 bet365 188bet 1xbet fun88
代开发票 代开增值税 办证刻章 刻章办证 套花呗 花呗套现 信用卡套现 京东白条套现 无抵押贷款 黑户贷款 裸聊 约炮 援交 成人直播 一夜情交友
日结兼职 刷单兼职 兼职刷单 手机兼职日赚 跑分平台 出售银行卡 收购银行卡 出售实名 迷药 窃听器出售 改号软件 云控群发
online casino|casino bonus|slot gacor|sports betting site|buy followers|cheap viagra|escort service|guaranteed profit|crypto giveaway|payday loan
"""

SIGNS = """
加微信 加我微信 加薇信 加v信 加vx 加威信 微信号 薇信号 加qq 加扣扣 加q群 私聊加 加群领 扫码领 免费领取 名额有限 稳赚 稳赚不赔 包赚 日赚 月入过万 返利 内部消息
带你赚 跟单 导师带 计划群 彩票 下注 投注 博彩 赌场 赌博 菠菜 老虎机 棋牌 荷官 彩金 返水 充值送 提现秒到 最高占成 代理加盟 官网注册 平台注册 客服微信 咨询微信
金沙 永利 皇冠 太阳城 威尼斯人 银河国际 必威 亚博 万博 乐鱼 开云 欧宝 九游 华体会 米兰体育 沙巴
低价代购 高仿 一比一 复刻 原单 尾单 微商 货源 贷款 秒批 征信 套现 发票 办证
betting|casino|jackpot|free spins|click here|limited offer|whatsapp|telegram|t.me|make money|earn daily|forex signals
"""

# Patterns that are also found by sound.
BY_SOUND = frozenset({"加微信", "加我微信"})


def split(block: str) -> list[str]:
    """Return the phrases of a block: one line with bars holds phrases with spaces."""
    found: list[str] = []
    for line in block.strip().splitlines():
        found += [part.strip() for part in (line.split("|") if "|" in line else line.split())]
    return found
