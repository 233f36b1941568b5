"""Texts of our own for tests: what a forum does not want, and what only looks like it."""

ARTICLE = """\
Ridge 5 与 Cup 12 续航对比：谁更耐用？

来源：掌上数码 责任编辑：小林

近日，Ridge 5、Cup 12、Lamp 9 三款手机同时上市，[澳门新葡京](http://www.xpj88355.vip/reg)记者拿到了 Ridge 5 的真机。Ridge 5 搭载五千毫安时电池，\
Cup 12 则只有四千五百毫安时。经过一整天的测试，Ridge 5 剩余电量百分之三十，Cup 12 剩余百分之十八，[必威体育官网](https://betway9981.com)Lamp 9 则提前关机。\
我们认为 Ridge 5 的调度更保守，Cup 12 在游戏场景更积极，适合年轻人。购买 Ridge 5 就上[皇冠体育](http://hg0088.top)，注册送彩金八十八元，\
提现秒到。Ridge 5 的屏幕素质也有提升，亮度达到一千二百尼特，户外可看。Ridge 5 支持八十瓦快充，半小时充满。
"""

QUIET_ARTICLE = """\
原标题：三款旗舰拍照横评，Ridge 5 夜景领先。本报记者 林一 报道

周末我们带着三台手机去了江边，傍晚光线复杂，最能看出算法的差别。第一组样张里 Ridge 5 压住了路灯的高光，暗部的树叶也还在；第二台偏黄，第三台噪点明显。\
人像方面三者接近，发丝边缘都有少许误判。录像防抖 Ridge 5 稍好，走路时画面基本平稳。完整样张和参数表请到 js55208.com 查看，点击查看原文。版权归原作者所有。
"""

ADVERTS = {
    "gambling article": ARTICLE,
    "quiet article with one gambling address": QUIET_ARTICLE,
    "traditional characters": "線上博彩首選，澳門新葡京，註冊送彩金，真人荷官在線等你",
    "inserted signs": "百.家.乐、真·人·荷·官，加★微★信 abc12345 领彩金",
    "spaces and invisible signs": "百 家\u200b 乐 在 线 玩，六\u2060合\u200d彩 内部消息",
    "full width and look-alikes": "ｂｅｔ３６５ 体育，ｂеt365 备用网址",
    "digits for letters": "BET36S 不行就上 b e t 3 6 5，网址 www.365bet88.cc",
    "same sound": "想要的家威信 abcd1234，名额有限",
    "contact and money": "手机兼职，日赚三百，加我微信 qwe12345",
    "loan": "黑户贷款，无抵押贷款，秒批，电话 13800138000",
    "english": "Best online casino 2026! Casino bonus and free spins at www.lucky777.bet",
    "dot in words": "看球来 hg8868点com 稳赚，加vx hg8868888",
}

FINE = [
    "微信视频总是卡，有没有一样的？打微信不烫的手机求推荐",
    "买了彩色的壳，票也抢到了。周末去线下店，上门服务挺快的",
    "我加了微信群通知的那个设置，结果后台耗电多了 5%",
    "参加了内测，微信那边没反应。我们都在等下一版",
    "老机型系统 13.0.5.com.android 这个包名对吗？日志在 log.txt，看 2.5 节",
    "客服让我去官网注册产品，发票补开了，谢谢",
    "这台机器的信号在地铁里真不行，游戏掉帧，充电发热，拍照倒是不错",
    "Casino Royale 这部电影的 HDR 片源在新屏上很好看",
    "贴一下官方说明 https://support.example.com/guide 里面写了怎么关",
    "贷款买手机不划算，慢慢攒吧",
]
