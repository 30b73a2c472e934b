package main

func Example() {
	main()
	// Output:
	// [PHONE_1], а счёт на [EMAIL_1]. Если что, [PHONE_1] ещё и в телеграме.
	// 8 (916) 123-45-67, а счёт на olga@example.com. Если что, +79161234567 ещё и в телеграме. <nil>
}
