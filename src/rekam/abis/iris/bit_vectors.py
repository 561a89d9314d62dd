"""The comparison's three innermost steps as vector instructions, for use inside numba functions only.

A row is a code or mask of CODE_BITS bits. Written as LLVM vectors because numba makes single bytes of the same loops,
at a twelfth of the speed; LLVM brings vectors of any width to what the processor has (AVX-512 counts 64 bytes' bits at
once, AVX2 and Neon 32 or 16).
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from rekam.abis.iris import code_parameters as p

CODE_BYTES = p.CODE_BITS // 8
WORDS = p.CODE_BITS // 64
PLANE_BYTES = p.CODE_COLUMNS // 8
SHOWN_BITS = 12
"""An agreement is one number: (bits that agree - bits that differ) << SHOWN_BITS, plus the number of bits compared."""
_BYTE, _SHORT, _INT, _WORD = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_SECTORS = ir.VectorType(_INT, p.SECTORS)


def _turn(_: Any, plain_and_swapped: Any, _first: Any, _bits: Any, out: Any, _at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.VectorType(_WORD, WORDS)
        arrays, index, shift, target, at = arguments
        base = _row(context, builder, signature.args[0], arrays, _number(0), CODE_BYTES)
        offsets = (
            builder.mul(index, _number(CODE_BYTES)),
            builder.mul(builder.sub(_number(1), index), _number(CODE_BYTES)),
        )
        upper, lower = (_load(builder, builder.gep(base, [offset]), kind, 8) for offset in offsets)
        by = _pick(
            builder, builder.insert_element(ir.Constant(kind, ir.Undefined), shift, ir.Constant(_INT, 0)), [0] * WORDS
        )
        funnel = _llvm(builder, ir.FunctionType(kind, [kind] * 3), f"llvm.fshl.v{WORDS}i64")
        place = _row(context, builder, signature.args[3], target, at, CODE_BYTES)
        _store(builder, builder.call(funnel, [upper, lower, by]), place, 8)
        return context.get_dummy_value()

    return types.void(plain_and_swapped, types.int64, types.int64, out, types.int64), generate


def _agreement(
    _: Any, codes: Any, masks: Any, _at: Any, others: Any, their: Any, _their_at: Any, out: Any, _out_at: Any
) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.VectorType(_BYTE, CODE_BYTES)
        rows = [arguments[2]] * 2 + [arguments[5]] * 2
        loaded = [
            _load(builder, _row(context, builder, signature.args[k], arguments[k], of, CODE_BYTES), kind, 8)
            for k, of in zip((0, 1, 3, 4), rows, strict=True)
        ]
        code, mask, other, other_mask = loaded
        both = builder.and_(mask, other_mask)
        differing = builder.and_(builder.xor(code, other), both)
        shown, errors = (_sector_counts(builder, bits) for bits in (both, differing))
        net = builder.sext(builder.sub(shown, builder.add(errors, errors)), _SECTORS)
        shifted = builder.shl(net, ir.Constant(_SECTORS, [SHOWN_BITS] * p.SECTORS))
        found = builder.add(shifted, builder.zext(shown, _SECTORS))
        place = _row(context, builder, signature.args[6], arguments[6], arguments[7], 4 * p.SECTORS)
        _store(builder, found, place, 4)
        return context.get_dummy_value()

    return types.void(codes, masks, types.int64, others, their, types.int64, out, types.int64), generate


def _best(_: Any, agreements: Any, _first: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        best = None
        for turn in range(2 * p.SECTOR_SLACK + 1):
            row = builder.add(arguments[1], _number(turn))
            place = _row(context, builder, signature.args[0], arguments[0], row, 4 * p.SECTORS)
            loss = p.SECTOR_LOSS * abs(turn - p.SECTOR_SLACK) << SHOWN_BITS
            found = builder.sub(_load(builder, place, _SECTORS, 4), ir.Constant(_SECTORS, [loss] * p.SECTORS))
            best = found if best is None else builder.select(builder.icmp_signed(">", found, best), found, best)
        summed = _folded(builder, best, 1)
        return builder.sext(builder.extract_element(summed, ir.Constant(_INT, 0)), _WORD)

    return types.int64(agreements, types.int64), generate


def _sector_counts(builder: Any, bits: Any) -> Any:
    """Set bits a sector over all planes, <SECTORS x i16>; a byte position holds at most 8 a plane, under 256 in all."""
    count = _llvm(builder, ir.FunctionType(bits.type, [bits.type]), f"llvm.ctpop.v{CODE_BYTES}i8")
    a_position = _folded(builder, builder.call(count, [bits]), PLANE_BYTES)
    wide = builder.zext(a_position, ir.VectorType(_SHORT, PLANE_BYTES))
    even, odd = (_pick(builder, wide, range(start, PLANE_BYTES, 2)) for start in (0, 1))
    return builder.add(even, odd)


def _folded(builder: Any, vector: Any, length: int) -> Any:
    """Halves added to one another until `length` elements are left."""
    while vector.type.count > length:
        half = vector.type.count // 2
        low, high = (_pick(builder, vector, range(start, start + half)) for start in (0, half))
        vector = builder.add(low, high)
    return vector


def _llvm(builder: Any, kind: Any, name: str) -> Any:
    declared: Any = builder.module.globals.get(name)
    return declared or ir.Function(builder.module, kind, name)


def _number(value: int) -> Any:
    return ir.Constant(_WORD, value)


def _pick(builder: Any, vector: Any, elements: Sequence[int]) -> Any:
    chosen = ir.Constant(ir.VectorType(_INT, len(elements)), list(elements))
    return builder.shuffle_vector(vector, ir.Constant(vector.type, ir.Undefined), chosen)


def _row(context: Any, builder: Any, kind: Any, array: Any, row: Any, stride: int) -> Any:
    """Where a row of a C-contiguous array starts."""
    start = builder.bitcast(context.make_array(kind)(context, builder, array).data, ir.PointerType(_BYTE))
    return builder.gep(start, [builder.mul(row, _number(stride))])


def _load(builder: Any, pointer: Any, kind: Any, align: int) -> Any:
    loaded = builder.load(builder.bitcast(pointer, kind.as_pointer()))
    loaded.align = align
    return loaded


def _store(builder: Any, value: Any, pointer: Any, align: int) -> None:
    builder.store(value, builder.bitcast(pointer, value.type.as_pointer())).align = align


turn_row = cast("Callable[..., None]", intrinsic(_turn))
"""turn_row(plain_and_swapped uint64 [2, WORDS], first, bits, out uint64 [n, WORDS], row): out[row] is the row turned
towards higher columns by `bits` columns, and by 64 more where `first` is 1. The second of the pair is the row with the
two words of each plane swapped."""

sector_agreements = cast("Callable[..., None]", intrinsic(_agreement))
"""sector_agreements(codes, masks, row, other_codes, other_masks, other_row, out int32 [n, SECTORS], out_row): the
agreement of two rows, a sector at a time; all codes and masks uint64 [., WORDS]."""

best_agreement = cast("Callable[..., int]", intrinsic(_best))
"""best_agreement(agreements int32 [n, SECTORS], first) -> int64: the sum over the sectors of the best of each among
the 2 * SECTOR_SLACK + 1 rows from `first` on, each row less SECTOR_LOSS a row off the middle one."""
