namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator +(Tensor left, int right) => Op.add_Scalar.Call(left, (long)right);
        public static Tensor operator +(int left, Tensor right) => Op.add_Scalar.Call(right, (long)left);
        public static Tensor operator +(Tensor left, long right) => Op.add_Scalar.Call(left, right);
        public static Tensor operator +(long left, Tensor right) => Op.add_Scalar.Call(right, left);
        public static Tensor operator +(Tensor left, float right) => Op.add_Scalar.Call(left, (double)right);
        public static Tensor operator +(float left, Tensor right) => Op.add_Scalar.Call(right, (double)left);
        public static Tensor operator +(Tensor left, double right) => Op.add_Scalar.Call(left, right);
        public static Tensor operator +(double left, Tensor right) => Op.add_Scalar.Call(right, left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => Op.rsub_Scalar.Call(right, left);
        public static Tensor operator -(Tensor left, int right) => Op.sub_Scalar.Call(left, (long)right);
        public static Tensor operator -(int left, Tensor right) => Op.rsub_Scalar.Call(right, (long)left);
        public static Tensor operator -(Tensor left, long right) => Op.sub_Scalar.Call(left, right);
        public static Tensor operator -(long left, Tensor right) => Op.rsub_Scalar.Call(right, left);
        public static Tensor operator -(Tensor left, float right) => Op.sub_Scalar.Call(left, (double)right);
        public static Tensor operator -(float left, Tensor right) => Op.rsub_Scalar.Call(right, (double)left);
        public static Tensor operator -(Tensor left, double right) => Op.sub_Scalar.Call(left, right);
        public static Tensor operator -(double left, Tensor right) => Op.rsub_Scalar.Call(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator *(Tensor left, int right) => Op.mul_Scalar.Call(left, (long)right);
        public static Tensor operator *(int left, Tensor right) => Op.mul_Scalar.Call(right, (long)left);
        public static Tensor operator *(Tensor left, long right) => Op.mul_Scalar.Call(left, right);
        public static Tensor operator *(long left, Tensor right) => Op.mul_Scalar.Call(right, left);
        public static Tensor operator *(Tensor left, float right) => Op.mul_Scalar.Call(left, (double)right);
        public static Tensor operator *(float left, Tensor right) => Op.mul_Scalar.Call(right, (double)left);
        public static Tensor operator *(Tensor left, double right) => Op.mul_Scalar.Call(left, right);
        public static Tensor operator *(double left, Tensor right) => Op.mul_Scalar.Call(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right) => Over(left, right);
        public static Tensor operator /(Tensor left, int right) => Op.div_Scalar.Call(left, (long)right);
        public static Tensor operator /(int left, Tensor right) => Over((Scalar)left, right);
        public static Tensor operator /(Tensor left, long right) => Op.div_Scalar.Call(left, right);
        public static Tensor operator /(long left, Tensor right) => Over((Scalar)left, right);
        public static Tensor operator /(Tensor left, float right) => Op.div_Scalar.Call(left, (double)right);
        public static Tensor operator /(float left, Tensor right) => Over((Scalar)left, right);
        public static Tensor operator /(Tensor left, double right) => Op.div_Scalar.Call(left, right);
        public static Tensor operator /(double left, Tensor right) => Over((Scalar)left, right);

        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        public static Tensor operator %(Tensor left, int right) => Op.remainder_Scalar.Call(left, (long)right);
        public static Tensor operator %(Tensor left, long right) => Op.remainder_Scalar.Call(left, right);
        public static Tensor operator %(Tensor left, float right) => Op.remainder_Scalar.Call(left, (double)right);
        public static Tensor operator %(Tensor left, double right) => Op.remainder_Scalar.Call(left, right);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator ~(Tensor left) => left.bitwise_not();
        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        public static implicit operator Tensor(float value) => torch.tensor(value);
        public static implicit operator Tensor(double value) => torch.tensor(value);
        public static implicit operator Tensor(int value) => torch.tensor(value);
        public static implicit operator Tensor(long value) => torch.tensor(value);
        public static implicit operator Tensor(bool value) => torch.tensor(value);
        public static implicit operator Tensor(float[] value) => torch.tensor(value);
        public static implicit operator Tensor(double[] value) => torch.tensor(value);
        public static implicit operator Tensor(int[] value) => torch.tensor(value);
        public static implicit operator Tensor(long[] value) => torch.tensor(value);
        public static implicit operator Tensor(bool[] value) => torch.tensor(value);

        /// <summary>Besides its use, this makes a plain number in an expression a scalar rather than a tensor: the better conversion.</summary>
        public static implicit operator Tensor(Scalar scalar)
        {
            ArgumentNullException.ThrowIfNull(scalar);
            return torch.full([], scalar, scalar.Type);
        }

        private static Tensor Over(Scalar left, Tensor right)
        {
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }
    }
}

internal static partial class Op
{
    internal static readonly Forecast.Torch.Operator rsub_Scalar = new("rsub", "Scalar");
}
