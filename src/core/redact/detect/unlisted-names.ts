/** Given names and some family names that the list of the package has not, without accents: of Japan, Korea, Vietnam and China; Nigeria, Ghana and other parts of Africa; India, Iran and Arab countries; eastern and northern Europe; Thailand, Indonesia and the Pacific. Everyday words of English that are names there are left out. */
const unlisted = new Set(
  `Haruto Yuto Haruki Takeshi Daiki Ryota Shota Riku Itsuki Hinata Aoi Akari Ayaka Nanami Kenta Naoki Yumiko Sota Kaito Yuma Misaki Tatsuya Souta Haruma Kotaro Shinji Ryusei Tsubasa Kosuke Yusuke Daisuke Keisuke Shunsuke Ryosuke Shinichi Kazuya Yukiko Natsuki Mizuki Honoka Kokona Rena Ayumi Chihiro Kiyoshi Noboru Tadashi
  Minjun Seojun Dohyun Jiho Junseo Hajun Minseo Seoyeon Jiwoo Seohyun Minji Hayoon Jimin Yejin Eunji Soojin Hyejin Jisoo Sunghoon Youngho Jaehyun Donghyun Sangwoo Kyungsoo Hyunwoo Taehyung Seungmin Jinwoo Yerin Chaewon Hyunjin Minho Jihoon Seokjin Yoongi Namjoon Jungkook Hoseok Sooyoung Taeyeon Youngjae Jinyoung Seunghyun Hyeri Sujin Minsu Jaewon Dongwook Jihye Eunjung Hyojin Mijin
  Truc Nhung Hieu Khoa Phuc Uyen Xiaoming Mingyu Yuxuan Haoran Zihao Xinyi Zihan Ruoxi Yutong Siyuan Jiahao Jiayi Xinyue Mengyao Weiming Guoqiang Zhiqiang Jianguo Xiaohong Xiaoyan Lihua Meiling Yaqi Thuong Huyen Khanh Trieu Nguyet
  Ngozi Amaka Ebuka Titilayo Bolanle Funmilayo Segun Tunde Kunle Gbenga Onyekachi Nnamdi Udoka Aminu Hauwa Danjuma Ifunanya Chiamaka Chisom Somtochukwu Oluwakemi Olufemi Oluwafemi Ayomide Opeyemi Adedayo Adewale Adeola Babatunde Olayinka Omolara Olamide Chibuzo Chukwudi Uzoma Obiageli Efosa Osagie Ebere
  Efua Achieng Kipchoge Nyambura Makena Atieno Nomvula Lerato Themba Zanele Bongani Tshepo Mandla Khumalo Mokoena Mthembu Hirut Tigist Ousmane Thandiwe Sibusiso Nokuthula Lindiwe Thabiso Kagiso Refilwe Palesa Mpho Nontobeko Ayanda Siyabonga Nkosinathi Wanjiku Wairimu Mumbua Chebet Cheptoo Kiprono Kiplagat Nakato Nsubuga Mugisha Uwimana Habimana Niyonzima Mutombo Tshisekedi Adjoa Abenaa Yeboah Ofori Amponsah Agyei
  Sudha Vasanthi Chowdary Balwinder Kuldeep Jaswinder Gurmeet Paramjit Harjinder Lakhwinder Thirumalai Senthil Muthukumar Saravanan Kalaivani Thenmozhi Anbarasan Ghada Golnaz Azadeh Khosrow Mahnaz Soheila Farzaneh Maziar Tahereh Zeinab Ruqayya Abdelkader Abdelhak Noureddine Abderrahim Boubacar Zouhair
  Oleksandr Volodymyr Mykola Serhiy Andriy Yaroslav Iryna Svitlana Halyna Kateryna Vasyl Petro Mykhailo Dmytro Viktoriia Yuliia Nadiia Liudmyla Slawomir Bozena Zdzislaw Boguslaw Slobodan Snezana Novakova Svobodova Dvorakova Cernakova Miroslava Bozidar Zvonimir Tihomir Vjekoslav Radoslava Desislava Tsvetelina
  Sigurdur Gudmundur Olafur Kristjan Thorsteinn Sigridur Ragnheidur Thorunn Asgeir Halldor Hrafn Ingibjorg Steinunn Hallgerdur Eero Juhani Pekka Antti Jukka Virtanen Kaarina Tuulikki Jokin Eneko Itziar Maite Xabier Ainhoa
  Somchai Siriporn Nattapong Kittisak Suwannee Wanchai Prasert Chaiyasit Thanawat Pornthip Kanokwan Somboon Rizky Wahyu Nugroho Suharto Yudhoyono Mahina Aroha Wiremu Mereana Rangimarie Tamati Hinemoa`.split(/\s+/),
);

/** Ends that family names have and hardly anything else: Icelandic, Georgian, Ukrainian, Polish, of former Yugoslavia, Greek, Turkish, Persian. */
const familyEnd = /^[A-Z][a-z]{2,16}(?:sdottir|ashvili|eshvili|ishvili|enko|chuk|owski|ewski|owska|ewska|owicz|ewicz|czyk|ovic|evic|opoulos|opoulou|oglu|zadeh)$/;

/** Whether a word is a name that the list lacks. */
export const isUnlisted = (word: string): boolean => unlisted.has(word) || familyEnd.test(word);
