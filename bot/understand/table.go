package understand

// table gives the features of a space their coordinates by their hashes: open addressing, eight bytes a place, no
// pointers. Two features share a coordinate with a chance of one in billions.
type table struct {
	slots []slot
	shift uint8
}

type slot struct {
	key uint32
	at  int32 // coordinate + 1; 0 is an empty place
}

// newTable has room for n features.
func newTable(n int) table {
	bits := uint8(4)
	for 1<<bits < n+n/2 {
		bits++
	}
	return table{slots: make([]slot, 1<<bits), shift: 64 - bits}
}

func (t *table) place(id uint64) (uint64, uint32) {
	mixed := id * 0x9E3779B97F4A7C15
	return mixed >> t.shift, uint32(id>>32) ^ uint32(id)
}

func (t *table) put(id uint64, at int32) {
	i, key := t.place(id)
	for t.slots[i].at != 0 && t.slots[i].key != key {
		i = (i + 1) & uint64(len(t.slots)-1)
	}
	t.slots[i] = slot{key, at + 1}
}

// find returns the coordinate of a feature, -1 if it has none.
func (t *table) find(id uint64) int32 {
	i, key := t.place(id)
	for {
		s := t.slots[i]
		if s.at == 0 || s.key == key {
			return s.at - 1
		}
		i = (i + 1) & uint64(len(t.slots)-1)
	}
}

// growingTable is a table whose size is not known before.
type growingTable struct{ table }

// put adds the last of ids, which has the coordinate of its place; the others have been put before.
func (t *growingTable) put(ids []uint64) {
	if len(ids)*4 < len(t.slots)*3 {
		t.table.put(ids[len(ids)-1], int32(len(ids)-1))
		return
	}
	t.table = newTable(len(ids) * 2)
	for k, id := range ids {
		t.table.put(id, int32(k))
	}
}
