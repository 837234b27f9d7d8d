"""The nine elements of 2017, for the floor and for whoever asks it."""

FIELDS = ("persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan")
