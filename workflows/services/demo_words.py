"""Words of made-up complaints: what they are about, their topic, and the agency such a case goes to.

Invented for this project. A part of the cases is vague or goes elsewhere, as in life; whatever is measured on them says
how the code behaves, not how well it would do in a real regency.
"""

from typing import NamedTuple


class Story(NamedTuple):
    titles: tuple[str, ...]
    details: tuple[str, ...]
    topic: str
    agency: str


STORIES = (
    Story(
        ("Jalan rusak", "Jalan berlubang", "Aspal mengelupas", "Jembatan retak"),
        ("Lubang makin lebar saat hujan.", "Pengendara sering jatuh.", "Aspal baru setahun sudah hancur."),
        "jalan-bangunan",
        "PUPR",
    ),
    Story(
        ("Saluran tersumbat", "Gorong-gorong mampet", "Irigasi tertimbun"),
        ("Air meluap ke jalan.", "Sawah tidak teraliri.", "Endapan lumpur menutup saluran."),
        "jalan-bangunan",
        "PUPR",
    ),
    Story(
        ("Bantuan belum diterima", "Nama hilang dari daftar bantuan", "Kartu bantuan ditolak"),
        ("Tetangga sudah menerima.", "Kartu keluarga lengkap.", "Agen bilang saldo kosong."),
        "sosial",
        "DINSOS",
    ),
    Story(
        ("Lampu jalan padam", "Rambu hilang", "Parkir liar", "Angkutan tidak beroperasi"),
        ("Gelap dan rawan kecelakaan.", "Juru parkir tanpa karcis.", "Terminal sepi angkutan."),
        "perhubungan",
        "DISHUB",
    ),
    Story(
        ("Sampah menumpuk", "Limbah dibuang ke sungai", "Bau pembakaran sampah"),
        ("Truk sampah tidak datang.", "Air sungai hitam berbusa.", "Asap masuk ke rumah."),
        "lingkungan",
        "DLH",
    ),
    Story(
        ("Air tidak mengalir", "Air keruh", "Pipa bocor"),
        ("Tagihan tetap penuh.", "Meteran berputar tanpa air.", "Pelanggan satu gang terdampak."),
        "air-energi",
        "PDAM",
    ),
    Story(
        ("Cetak KTP lama", "Akta salah tulis", "Kartu keluarga belum jadi"),
        ("Blangko katanya habis.", "Nama anak keliru di akta.", "Perekaman sudah dua bulan."),
        "kependudukan",
        "DUKCAPIL",
    ),
    Story(
        ("Obat kosong", "Antrean puskesmas panjang", "Jadwal dokter tidak pasti"),
        ("Pasien lansia menunggu berjam-jam.", "Resep disuruh beli di luar.", "Poli tutup sebelum waktunya."),
        "kesehatan",
        "DINKES",
    ),
    Story(
        ("Atap kelas bocor", "Buku paket belum dibagikan", "Iuran sekolah dipaksakan"),
        ("Murid belajar di lantai.", "Guru kelas sering kosong.", "Wali murid keberatan."),
        "pendidikan",
        "DISDIK",
    ),
    Story(
        ("Izin usaha belum terbit", "Berkas izin hilang"),
        ("Sistem menolak unggahan berkas.", "Pelaku usaha kecil menunggu izin."),
        "ekonomi",
        "DPMPTSP",
    ),
)
PLACES = ("di depan pasar", "dekat balai desa", "di jalan poros", "di kantor layanan", "di lingkungan sekolah")
VAGUE = ("Tolong ditindaklanjuti", "Pelayanan mengecewakan", "Mohon perhatian", "Belum ada tanggapan")
VAGUE_BODY = "Sudah berkali-kali dilaporkan ke petugas tetapi belum ada perubahan, mohon bantuannya."
# Shares of reports without a telling word, and of cases that went to another agency than most like them.
VAGUE_SHARE, STRAY_SHARE = 0.2, 0.1
